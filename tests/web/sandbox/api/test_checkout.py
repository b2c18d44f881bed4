"""Visits to the stand-in's payment page: paid, declined, asked about, paid later, given up."""

from __future__ import annotations

from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
import stripe

from tests.web.sandbox.api.conftest import Sandbox


class Stay(HTTPRedirectHandler):
    """Does not follow: a test wants to see where it would go."""

    def redirect_request(self, *_: Any) -> None:
        """Nowhere."""


def submitted(url: str, **form: str) -> tuple[int, str]:
    """Status of a form that was sent, and its text or where it leads."""
    opener = build_opener(Stay)
    try:
        with opener.open(url, urlencode(form).encode()) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as answer:
        with answer:
            return answer.code, answer.headers.get("Location") or answer.read().decode()


def shown(url: str) -> str:
    with build_opener(Stay).open(url) as answer:
        return str(answer.read().decode())


@pytest.fixture
def pack(client: stripe.StripeClient) -> stripe.Price:
    product = client.v1.products.create({"name": "50 credits"})
    return client.v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": 500})


def visited(
    client: stripe.StripeClient, price: stripe.Price, **more: object
) -> stripe.checkout.Session:
    given: Any = {
        "mode": "payment",
        "line_items": [{"price": price.id, "quantity": 3}],
        "success_url": "https://app.test/done?session={CHECKOUT_SESSION_ID}",
        "cancel_url": "https://app.test/back",
        **more,
    }
    return client.v1.checkout.sessions.create(given)


def test_a_visit_is_paid_on_the_page(
    sandbox: Sandbox, client: stripe.StripeClient, pack: stripe.Price
) -> None:
    visit = visited(
        client,
        pack,
        client_reference_id="7",
        metadata={"credits": "150"},
        payment_intent_data={"metadata": {"user_id": "7"}, "description": "Credits"},
    )
    assert (visit.status, visit.payment_status, visit.payment_intent) == ("open", "unpaid", None)
    assert "50 credits" in shown(str(visit.url))

    status, where = submitted(str(visit.url), number="4242424242424242", email="ada@example.com")

    assert (status, where) == (303, f"https://app.test/done?session={visit.id}")
    done = client.v1.checkout.sessions.retrieve(
        visit.id, {"expand": ["payment_intent", "line_items"]}
    )
    assert (done.status, done.payment_status, done.amount_total) == ("complete", "paid", 1500)
    assert (done.client_reference_id, done.url) == ("7", None)
    assert done.customer_details is not None
    assert done.customer_details.email == "ada@example.com"
    assert isinstance(done.payment_intent, stripe.PaymentIntent)
    assert done.payment_intent.metadata.to_dict() == {"user_id": "7"}
    assert done.line_items is not None
    assert [(item.quantity, item.amount_total) for item in done.line_items.data] == [(3, 1500)]
    assert sandbox.told[-4:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "checkout.session.completed",
    ]


def test_a_declined_card_can_be_followed_by_another_one(
    sandbox: Sandbox, client: stripe.StripeClient, pack: stripe.Price
) -> None:
    visit = visited(client, pack, customer_email="ada@example.com")

    status, text = submitted(str(visit.url), number="4000000000000002")
    assert (status, "Your card was declined." in text) == (402, True)
    status, text = submitted(str(visit.url), number="12")
    assert (status, "Your card number is incorrect." in text) == (402, True)
    status, _ = submitted(str(visit.url), number="4242424242424242")

    assert status == 303
    assert sandbox.told.count("payment_intent.created") == 1
    assert sandbox.told.count("payment_intent.payment_failed") == 1


@pytest.mark.parametrize(("answer", "paid"), [("ok", "paid"), ("no", "unpaid")])
def test_a_bank_may_ask_before_a_visit_is_paid(
    answer: str, paid: str, client: stripe.StripeClient, pack: stripe.Price
) -> None:
    visit = visited(client, pack, customer_email="ada@example.com")

    status, bank = submitted(str(visit.url), number="4000002760003184")
    assert (status, urlsplit(bank).path.rpartition("/")[0]) == (303, "/sandbox/challenge")
    assert "Complete" in shown(bank)
    status, _ = submitted(bank, answer=answer)

    assert status == (303 if answer == "ok" else 402)
    assert client.v1.checkout.sessions.retrieve(visit.id).payment_status == paid


@pytest.mark.parametrize(
    ("number", "told"),
    [
        ("000123456789", "checkout.session.async_payment_succeeded"),
        ("000222222227", "checkout.session.async_payment_failed"),
    ],
)
def test_a_bank_account_pays_after_the_visit(
    number: str, told: str, sandbox: Sandbox, client: stripe.StripeClient, pack: stripe.Price
) -> None:
    visit = visited(client, pack, customer_email="ada@example.com")
    submitted(str(visit.url), number=number)
    done = client.v1.checkout.sessions.retrieve(visit.id)
    assert (done.status, done.payment_status) == ("complete", "unpaid")

    sandbox.world.move(180)

    with sandbox.world.turn():
        pass
    assert sandbox.told[-2 if told.endswith("failed") else -3 :].count(told) == 1


def test_what_costs_nothing_is_complete_without_a_payment(
    client: stripe.StripeClient, pack: stripe.Price
) -> None:
    coupon = client.v1.coupons.create({"percent_off": 100})
    visit = visited(client, pack, discounts=[{"coupon": coupon.id}])
    submitted(str(visit.url), number="4242424242424242", email="ada@example.com")

    done = client.v1.checkout.sessions.retrieve(visit.id)
    assert (done.payment_status, done.payment_intent) == ("no_payment_required", None)
    assert (done.amount_subtotal, done.amount_total) == (1500, 0)


def test_a_visit_expires_after_a_day_or_when_told_to(
    sandbox: Sandbox, client: stripe.StripeClient, pack: stripe.Price
) -> None:
    first, second = visited(client, pack), visited(client, pack)
    assert client.v1.checkout.sessions.expire(first.id).status == "expired"
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.checkout.sessions.expire(first.id)

    sandbox.world.move(86_400)

    assert client.v1.checkout.sessions.retrieve(second.id).status == "expired"
    assert sandbox.told.count("checkout.session.expired") == 2


def test_a_payment_that_was_tried_in_a_visit_ends_with_it(
    sandbox: Sandbox, client: stripe.StripeClient, pack: stripe.Price
) -> None:
    visit = visited(client, pack, customer_email="ada@example.com")
    submitted(str(visit.url), number="4000000000000002")
    [intent] = client.v1.payment_intents.list().data
    with pytest.raises(stripe.InvalidRequestError, match="created by Checkout"):
        client.v1.payment_intents.cancel(intent.id)

    client.v1.checkout.sessions.expire(visit.id)

    assert client.v1.payment_intents.retrieve(intent.id).status == "canceled"
    assert sandbox.told[-2:] == ["payment_intent.canceled", "checkout.session.expired"]


def test_an_embedded_visit_has_a_secret_and_tells_the_page_around_it(
    client: stripe.StripeClient, pack: stripe.Price, sandbox: Sandbox
) -> None:
    visit = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "ui_mode": "embedded_page",
            "return_url": "https://app.test/done",
            "line_items": [{"price": pack.id, "quantity": 1}],
        }
    )
    assert (visit.url, str(visit.client_secret).partition("_secret")[0]) == (None, visit.id)

    status, text = submitted(
        f"{sandbox.url}/c/pay/{visit.id}", number="4242424242424242", email="a@example.com"
    )

    assert (status, "postMessage" in text, "https://app.test/done" in text) == (200, True, True)


def test_a_visit_can_begin_a_subscription(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    price = client.v1.prices.create(
        {
            "currency": "usd",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "product_data": {"name": "Pro"},
        }
    )
    customer = client.v1.customers.create({"email": "ada@example.com"})
    visit = visited(
        client,
        price,
        mode="subscription",
        customer=customer.id,
        subscription_data={"metadata": {"plan": "pro"}},
    )
    status, _ = submitted(str(visit.url), number="4242424242424242")
    assert status == 303

    done = client.v1.checkout.sessions.retrieve(visit.id, {"expand": ["subscription"]})
    assert isinstance(done.subscription, stripe.Subscription)
    assert done.subscription.status == "active"
    assert done.subscription.metadata.to_dict() == {"plan": "pro"}
    assert done.payment_status == "paid"
    told = sandbox.told
    assert told.index("payment_intent.succeeded") < told.index("customer.subscription.created")


def test_a_visit_can_save_a_card(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({"email": "ada@example.com"})
    visit = client.v1.checkout.sessions.create(
        {"mode": "setup", "customer": customer.id, "success_url": "https://app.test/done"}
    )
    status, _ = submitted(str(visit.url), number="4242424242424242")

    assert status == 303
    assert len(client.v1.payment_methods.list({"customer": customer.id}).data) == 1


def test_what_cannot_be_sold_is_refused(client: stripe.StripeClient, pack: stripe.Price) -> None:
    with pytest.raises(stripe.InvalidRequestError) as no_url:
        visited(client, pack, success_url="")
    with pytest.raises(stripe.InvalidRequestError) as no_items:
        client.v1.checkout.sessions.create({"mode": "payment", "success_url": "https://a.test"})
    with pytest.raises(stripe.InvalidRequestError) as wrong_mode:
        visited(client, pack, mode="subscription")

    params = [refused.value.param for refused in (no_url, no_items, wrong_mode)]
    assert params == ["success_url", "line_items", "line_items"]
