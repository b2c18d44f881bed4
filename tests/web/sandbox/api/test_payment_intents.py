"""Payments through the stand-in: cards that work, do not, or want to be asked about."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.web.sandbox.api.conftest import Sandbox

BY_CARD = {
    "type": "card",
    "card": {"number": "4242 4242 4242 4242", "exp_month": 4, "exp_year": 2031, "cvc": "123"},
}


def opened(client: stripe.StripeClient, **more: object) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create({"amount": 4900, "currency": "usd", **more})  # type: ignore[typeddict-item]  # anything may be asked here


def test_a_payment_is_made_with_a_card_that_works(
    sandbox: Sandbox, client: stripe.StripeClient
) -> None:
    customer = client.v1.customers.create({"email": "ada@example.com"})
    intent = opened(client, customer=customer.id, metadata={"user_id": "7"}, description="Path 1")
    assert (intent.status, intent.amount_received) == ("requires_payment_method", 0)

    paid = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})

    assert (paid.status, paid.amount_received) == ("succeeded", 4900)
    assert paid.metadata.to_dict() == {"user_id": "7"}
    charge = client.v1.charges.retrieve(str(paid.latest_charge))
    assert (charge.amount, charge.paid, charge.customer) == (4900, True, customer.id)
    assert sandbox.told == [
        "customer.created",
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


@pytest.mark.parametrize(
    ("token", "code", "reason"),
    [
        ("pm_card_chargeDeclined", "card_declined", "generic_decline"),
        ("pm_card_chargeDeclinedInsufficientFunds", "card_declined", "insufficient_funds"),
        ("pm_card_chargeDeclinedExpiredCard", "expired_card", "expired_card"),
    ],
)
def test_a_card_that_is_declined_is_a_card_error_and_the_payment_can_be_tried_again(
    token: str, code: str, reason: str, client: stripe.StripeClient
) -> None:
    intent = opened(client)

    with pytest.raises(stripe.CardError) as declined:
        client.v1.payment_intents.confirm(intent.id, {"payment_method": token})

    assert (declined.value.http_status, declined.value.code) == (402, code)
    assert declined.value.error is not None
    assert declined.value.error.decline_code == reason
    assert declined.value.error.payment_intent is not None
    assert declined.value.error.payment_intent.status == "requires_payment_method"
    again = client.v1.payment_intents.confirm(intent.id, {"payment_method": "pm_card_visa"})
    assert (again.status, again.last_payment_error) == ("succeeded", None)


def test_a_declined_call_repeated_with_its_key_is_declined_again_and_tried_once(
    sandbox: Sandbox, client: stripe.StripeClient
) -> None:
    intent = opened(client)
    for _ in range(2):
        with pytest.raises(stripe.CardError):
            client.v1.payment_intents.confirm(
                intent.id, {"payment_method": "pm_card_chargeDeclined"}, {"idempotency_key": "k"}
            )

    assert sandbox.told.count("payment_intent.payment_failed") == 1


def test_an_off_session_payment_of_a_card_that_asks_is_declined(
    client: stripe.StripeClient,
) -> None:
    with pytest.raises(stripe.CardError) as declined:
        opened(
            client, payment_method="pm_card_authenticationRequired", confirm=True, off_session=True
        )

    assert declined.value.code == "authentication_required"


def test_money_set_aside_is_captured_in_part(client: stripe.StripeClient) -> None:
    intent = opened(client, capture_method="manual", payment_method="pm_card_visa", confirm=True)
    assert (intent.status, intent.amount_capturable) == ("requires_capture", 4900)

    captured = client.v1.payment_intents.capture(intent.id, {"amount_to_capture": 3000})

    assert (captured.status, captured.amount_received) == ("succeeded", 3000)


def test_a_bank_account_pays_some_minutes_later(
    sandbox: Sandbox, client: stripe.StripeClient
) -> None:
    intent = opened(client, payment_method="pm_usBankAccount_success", confirm=True)
    bad = opened(client, payment_method="pm_usBankAccount_insufficientFunds", confirm=True)
    assert (intent.status, bad.status) == ("processing", "processing")

    sandbox.world.move(180)

    assert client.v1.payment_intents.retrieve(intent.id).status == "succeeded"
    failed = client.v1.payment_intents.retrieve(bad.id)
    assert failed.status == "requires_payment_method"
    assert sandbox.told.count("payment_intent.succeeded") == 1


def test_a_payment_is_canceled_once(client: stripe.StripeClient) -> None:
    intent = opened(client)

    canceled = client.v1.payment_intents.cancel(intent.id, {"cancellation_reason": "abandoned"})

    assert (canceled.status, canceled.cancellation_reason) == ("canceled", "abandoned")
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.payment_intents.cancel(intent.id)
    assert refused.value.code == "payment_intent_unexpected_state"


def test_a_browser_pays_with_the_secret_and_no_other(sandbox: Sandbox) -> None:
    intent = opened(sandbox.client())
    browser = sandbox.client("pk_test_1")

    with pytest.raises(stripe.InvalidRequestError, match="client_secret"):
        browser.v1.payment_intents.retrieve(intent.id)
    entered: Any = {"client_secret": intent.client_secret, "payment_method_data": BY_CARD}
    paid = browser.v1.payment_intents.confirm(intent.id, entered)

    assert paid.status == "succeeded"
    with pytest.raises(stripe.PermissionError):
        browser.v1.payment_intents.list()


def test_a_payment_keeps_its_card_for_later(client: stripe.StripeClient) -> None:
    customer = client.v1.customers.create({})
    opened(
        client,
        customer=customer.id,
        setup_future_usage="off_session",
        payment_method="pm_card_visa",
        confirm=True,
    )

    [card] = client.v1.payment_methods.list({"customer": customer.id}).data
    assert card.card is not None
    assert card.card.last4 == "4242"
    later = opened(
        client, customer=customer.id, payment_method=card.id, confirm=True, off_session=True
    )
    assert later.status == "succeeded"


def test_a_payment_is_passed_on_to_a_connected_account(client: stripe.StripeClient) -> None:
    intent = opened(
        client,
        transfer_data={"destination": "acct_7"},
        application_fee_amount=490,
        payment_method="pm_card_visa",
        confirm=True,
    )

    charge = client.v1.charges.retrieve(str(intent.latest_charge))
    assert charge.transfer_data is not None
    assert (charge.transfer_data.destination, charge.application_fee_amount) == ("acct_7", 490)


def test_what_a_payment_cost_is_known_soon(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    intent = opened(client, payment_method="pm_card_visa", confirm=True)
    sandbox.world.move(5)

    paid = client.v1.payment_intents.retrieve(
        intent.id, {"expand": ["latest_charge.balance_transaction"]}
    )

    assert isinstance(paid.latest_charge, stripe.Charge)
    cost = paid.latest_charge.balance_transaction
    assert isinstance(cost, stripe.BalanceTransaction)
    assert (cost.amount, cost.fee, cost.net) == (4900, 172, 4728)
    found = client.v1.balance_transactions.retrieve(cost.id, {"expand": ["source"]})
    assert isinstance(found.source, stripe.Charge)


@pytest.mark.parametrize(
    ("more", "param", "code"),
    [
        ({"amount": 12}, "amount", "amount_too_small"),
        ({"amount": "x"}, "amount", "parameter_invalid_integer"),
        ({"customer": "cus_x"}, "customer", "resource_missing"),
        ({"payment_method": "pm_x"}, "payment_method", "resource_missing"),
        ({"automatic_payment_methods": {"on": True}}, None, "parameter_unknown"),
    ],
)
def test_what_cannot_be_is_refused(
    more: dict[str, object], param: str | None, code: str, client: stripe.StripeClient
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refused:
        opened(client, **more)

    assert refused.value.code == code
    assert param in (None, refused.value.param)


def test_the_types_of_methods_have_the_name_of_the_version(client: stripe.StripeClient) -> None:
    offered = opened(client, allowed_payment_method_types=["card"])
    assert offered.payment_method_types == ["card"]
    with pytest.raises(stripe.InvalidRequestError, match="not allowed"):
        client.v1.payment_intents.confirm(
            offered.id, {"payment_method": "pm_usBankAccount_success"}
        )

    with pytest.raises(stripe.InvalidRequestError, match="payment_method_types"):
        opened(client, payment_method_types=["card"])
    older: stripe.RequestOptions = {"stripe_version": "2026-03-25.dahlia"}
    made = client.raw_request(
        "post",
        "/v1/payment_intents",
        amount=100,
        currency="usd",
        payment_method_types=["card"],
        **older,
    )
    assert made.code == 200
