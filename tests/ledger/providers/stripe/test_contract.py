"""What is read from metadata: the public contract with whoever creates payments."""

from typing import Any

import pytest

from ledger.errors import Refusal
from ledger.observations import CustomerNamed, Payer, PaymentObserved, SubscriptionObserved, Terms
from ledger.providers.stripe.contract import MAX_CREDITS, InvalidCreditsMetadata, credits
from tests.ledger.providers.stripe.objects import (
    Json,
    item,
    payment_intent,
    price,
    session,
    subscription,
)
from tests.ledger.providers.stripe.payloads import event, observe, said, time


def terms(type_: str, obj: Json) -> Terms:
    first = said(event(type_, obj))[0]
    assert isinstance(first, PaymentObserved)
    assert first.terms is not None
    return first.terms.state


def of_intent(**metadata: Any) -> Terms:
    return terms("payment_intent.created", payment_intent(metadata=metadata))


def features(*prices: Json, **metadata: str) -> tuple[str, ...]:
    items = {"data": [item(price=each) for each in prices]}
    told = event("customer.subscription.created", subscription(items=items, metadata=metadata))
    first = said(told)[0]
    assert isinstance(first, SubscriptionObserved)
    return first.snapshot.state.features


@pytest.mark.parametrize(
    ("text", "number"),
    [("0", 0), ("1", 1), ("050", 50), (str(MAX_CREDITS), MAX_CREDITS), ("", 0)],
)
def test_credits_are_a_whole_number(text: str, number: int) -> None:
    assert credits({"credits": text}) == number


def test_without_the_key_no_credits_are_bought() -> None:
    assert (credits(None), credits({}), credits({"credits": None})) == (0, 0, 0)


@pytest.mark.parametrize(
    "text",
    ["-1", "1.5", "1e3", " 5", "5 ", "fifty", "\u0665", "²", str(MAX_CREDITS + 1), "9" * 5000],
)
def test_any_other_text_for_credits_is_refused(text: str) -> None:
    with pytest.raises(InvalidCreditsMetadata, match="not a whole number"):
        credits({"credits": text})


def test_a_refusal_of_credits_reaches_the_delivery() -> None:
    with pytest.raises(Refusal, match="credits='many'"):
        observe(event("payment_intent.created", payment_intent(metadata={"credits": "many"})))


def test_a_payment_says_what_it_buys_for_whom() -> None:
    told = of_intent(user_id="ann", learning_path_id="7", group_id="3", credits="50", platform="P")

    assert told.payer == Payer("ann", "cus_1")
    assert told.features == ("group:3", "learning_path:7")
    assert (told.credits, told.platform, told.one_off) == (50, "P", True)


@pytest.mark.parametrize("key", ["user_id", "platform", "learning_path_id", "group_id", "credits"])
def test_any_key_of_the_contract_makes_a_payment_a_sale(key: str) -> None:
    assert of_intent(**{key: "1"}).one_off
    assert not of_intent(**{key: ""}).one_off
    assert not of_intent(cart_id="1").one_off


def test_a_session_in_payment_mode_is_a_sale_even_without_metadata() -> None:
    assert terms("checkout.session.completed", session()).one_off


def test_a_session_names_the_user_by_metadata_before_the_reference() -> None:
    both = session(client_reference_id="bob", metadata={"user_id": "ann"})
    reference = session(client_reference_id="bob")

    assert terms("checkout.session.completed", both).payer.user_id == "ann"
    assert terms("checkout.session.completed", reference).payer.user_id == "bob"


@pytest.mark.parametrize("mode", ["subscription", "setup"])
def test_a_session_that_takes_no_payment_itself_still_names_the_user(mode: str) -> None:
    told = session(mode=mode, payment_intent=None, client_reference_id="ann")
    named = CustomerNamed("cus_1", "ann", "cs_1", time(0))

    assert said(event("checkout.session.completed", told)) == (named,)
    told |= {"client_reference_id": None}
    assert observe(event("checkout.session.completed", told)).ignored is not None


PRICES: dict[str, tuple[Json, tuple[str, ...]]] = {
    "a path": (price(metadata={"learning_path_id": "7"}), ("learning_path:7",)),
    "a group": (price(metadata={"group_id": "3"}), ("group:3",)),
    "a feature by name": (price(metadata={"feature": "sso"}), ("sso",)),
    "several": (price(metadata={"feature": "sso", "group_id": "3"}), ("group:3", "sso")),
    "a lookup key": (price(), ("plan:pro",)),
    "a product": (price(lookup_key=None), ("product:prod_1",)),
    "an expanded product": (
        price(lookup_key=None, product={"id": "prod_2", "object": "product"}),
        ("product:prod_2",),
    ),
    "an empty word": (price(metadata={"feature": ""}, lookup_key=""), ("product:prod_1",)),
}


@pytest.mark.parametrize("story", PRICES)
def test_a_price_says_what_it_grants(story: str) -> None:
    sold, granted = PRICES[story]

    assert features(sold) == granted


def test_all_items_and_the_subscriptions_own_metadata_add_up() -> None:
    assert features(price(), price(), price(lookup_key="team"), group_id="3") == (
        *("group:3", "plan:pro", "plan:team"),
    )


def held_plan(*prices: Json, **metadata: str) -> str | None:
    items = {"data": [item(price=each) for each in prices]}
    told = event("customer.subscription.created", subscription(items=items, metadata=metadata))
    first = said(told)[0]
    assert isinstance(first, SubscriptionObserved)
    return first.snapshot.state.plan_id


def test_a_price_may_name_several_features() -> None:
    listed = price(metadata={"feature": "plan:pro", "features": "export, maps,,"})

    assert features(listed) == ("export", "maps", "plan:pro")


def test_the_price_of_a_subscription_in_the_slot_names_the_plan_held() -> None:
    pro, other = price(metadata={"plan_id": "pro"}), price()

    assert held_plan(pro, slot="plan") == "pro"
    assert held_plan(other, pro, slot="plan") == "pro"
    assert held_plan(other, slot="plan") is None
    assert held_plan(pro) is None
    assert held_plan(pro, slot="other") is None


def test_a_payment_of_charges_names_what_asked_for_it() -> None:
    assert of_intent(account_payment="ap_1").account_payment == "ap_1"
    assert of_intent().account_payment is None
