"""Clicks at once make one of everything, and a provider that fails is told of and come back to."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from ledger.providers.problems import (
    ProviderKeyRefused,
    ProviderRateLimited,
    ProviderUnavailable,
)
from tests.web.api.calling import KEYS, NewApi
from tests.web.api.examples import LATER, USD
from tests.web.api.storefront import ANN, Json, Storefront


@pytest.mark.parametrize(
    ("call", "body", "noun"),
    [
        (f"POST {ANN}/learning-paths/7/payment", None, "payment_intent"),
        (f"POST {ANN}/groups/3/subscription", {"cart_id": "c1"}, "subscription"),
        (f"POST {ANN}/account-payment", {}, "payment_intent"),
        ("PUT /v1/customers/eve", {}, "customer"),
    ],
)
def test_clicks_at_once_make_one_of_it(call: str, body: Json, noun: str, shop: Storefront) -> None:
    shop.told(f"PUT {ANN}/charges/c1", {"amount": USD, "description": "fee", "due_at": LATER})
    before = len(shop.provider.all(noun))

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: shop.ask(call, body), range(12)))

    assert {answer.status_code for answer in answers} <= {200, 503}
    assert len({answer.get_data() for answer in answers if answer.status_code == 200}) == 1
    assert len(shop.provider.all(noun)) == before + 1


@pytest.mark.parametrize("problem", [ProviderUnavailable, ProviderRateLimited])
def test_a_provider_that_is_away_asks_to_come_again_and_then_does_it_once(
    problem: type[ProviderUnavailable], shop: Storefront
) -> None:
    call = f"POST {ANN}/learning-paths/7/payment"
    shop.provider.lose_answer.append(problem("Fake", "hunter2"))

    response = shop.ask(call)

    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")
    assert b"hunter2" not in response.get_data()
    assert shop.told(call)["id"] == shop.provider.all("payment_intent")[0]["id"]
    assert len(shop.provider.all("payment_intent")) == 1


def test_a_key_the_provider_refuses_is_the_operators_to_mend(shop: Storefront) -> None:
    shop.provider.fail_before.append(ProviderKeyRefused("Fake", "key sk_live_hunter2"))

    response = shop.ask(f"POST {ANN}/learning-paths/7/payment")

    assert (response.status_code, response.get_json(force=True)["title"]) == (
        *(502, "ProviderKeyRefused"),
    )
    assert b"hunter2" not in response.get_data()


def test_without_a_way_to_the_provider_nothing_is_begun(new_api: NewApi) -> None:
    api = new_api(without="STRIPE_SECRET_KEY")

    answer = api.call("PUT /v1/customers/ann", {}, auth=KEYS["checkout"])

    assert (answer.status_code, answer.get_json(force=True)["title"]) == (503, "NotConfigured")
    assert api.office.ledger.recorder.max_notification_id() == len(KEYS)  # the keys themselves
