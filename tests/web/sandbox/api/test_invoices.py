"""Bills are listed, shown with their payments, voided and written off, and shared."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.web.sandbox.api.conftest import START, Sandbox
from tests.web.sandbox.api.subscribers import (
    MONTH,
    Subscriber,
    invoice_of,
    item_of,
    secret_of,
    subscriber,
    untold,
)
from web.sandbox.truth.intents import Intent

OPEN = {"payment_behavior": "default_incomplete", "expand": ["latest_invoice.confirmation_secret"]}
NORTH = "acct_1SandboxNorth0001"


@pytest.fixture
def ada(sandbox: Sandbox) -> Subscriber:
    return subscriber(sandbox)


def test_a_bill_shows_its_payments_only_when_asked(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic", expand=["latest_invoice.payments"])

    [payment] = invoice_of(made).payments.data
    assert (payment.object, payment.status, payment.amount_paid) == ("invoice_payment", "paid", 900)
    plain = ada.client.v1.invoices.retrieve(invoice_of(made).id)
    assert "payments" not in plain
    assert "confirmation_secret" not in plain
    payments = ada.client.v1.invoice_payments
    assert payments.retrieve(payment.id).invoice == plain.id
    assert [each.id for each in payments.list({"invoice": plain.id}).data] == [payment.id]
    paying: Any = {"type": "payment_intent", "payment_intent": "pi_none"}
    assert payments.list({"payment": paying}).data == []


def test_a_payment_within_a_bill_can_be_expanded_too(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes("basic", expand=["latest_invoice.payments.data.payment.payment_intent"])

    [payment] = invoice_of(made).payments.data
    assert payment.payment.payment_intent.amount_received == 900


def test_older_versions_show_the_payment_on_the_bill(ada: Subscriber) -> None:
    params: Any = {
        "customer": ada.id,
        "items": [{"price": ada.plans["basic"]}],
        "payment_behavior": "default_incomplete",
        "expand": ["latest_invoice.payment_intent"],
    }
    told: Any = ada.client.v1.subscriptions.create(params, {"stripe_version": "2022-11-15"})

    assert told.latest_invoice.payment_intent.client_secret
    assert told.current_period_start == START


def test_lists_are_by_customer_subscription_and_status(ada: Subscriber) -> None:
    ada.card()
    one, other = ada.subscribes("basic"), ada.subscribes("premium", **OPEN)

    def listed(wanted: Any) -> list[str]:
        return [each["id"] for each in ada.client.v1.invoices.list(wanted).data]

    assert listed({"customer": ada.id}) == [invoice_of(other).id, one.latest_invoice]
    assert listed({"subscription": one.id}) == [one.latest_invoice]
    assert listed({"status": "open"}) == [invoice_of(other).id]


def test_a_voided_first_bill_can_be_paid_no_more(ada: Subscriber) -> None:
    made = ada.subscribes("basic", **OPEN)
    bill = invoice_of(made).id

    assert ada.client.v1.invoices.void_invoice(bill).status == "void"

    assert ada.now(made).status == "incomplete_expired"
    with pytest.raises(stripe.InvalidRequestError, match="isn't open"):
        ada.client.v1.invoices.pay(bill)
    assert untold(ada.sandbox) == []


def test_a_bill_written_off_may_still_be_paid(ada: Subscriber) -> None:
    made = ada.subscribes("starter")
    ada.changes(made, "premium", payment_behavior="default_incomplete")
    bill = invoice_of(ada.now(made)).id

    assert ada.client.v1.invoices.mark_uncollectible(bill).status == "uncollectible"
    ada.pays_in_the_page(secret_of(ada.now(made)))

    assert ada.client.v1.invoices.retrieve(bill).status == "paid"
    assert untold(ada.sandbox) == []


def test_a_connected_account_gets_its_part_of_each_bill(ada: Subscriber) -> None:
    ada.card()
    made = ada.subscribes(
        "premium", transfer_data={"destination": NORTH, "amount_percent": 33.3}, quantity=1
    )

    assert made.transfer_data is not None
    assert made.transfer_data.amount_percent == 33.3
    ada.passes(MONTH)
    with ada.sandbox.world.turn() as truth:
        shares = [(each.destination, each.transfer_minor) for each in truth.all(Intent)]
    assert shares == [(NORTH, 966), (NORTH, 966)]
    assert untold(ada.sandbox) == []
    with pytest.raises(stripe.InvalidRequestError, match="No such destination"):
        ada.subscribes("premium", transfer_data={"destination": "north"})


def test_a_platform_keeps_its_part_of_a_connected_accounts_bills(sandbox: Sandbox) -> None:
    ada = subscriber(sandbox, NORTH)
    ada.card()

    made = ada.subscribes("premium", application_fee_percent=10)

    assert (made.status, made.application_fee_percent) == ("active", 10)
    with sandbox.world.turn() as truth:
        assert [each.fee_minor for each in truth.all(Intent)] == [290]
        assert {fact.noun.account for fact in truth.facts} == {NORTH}
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription"):
        sandbox.client().v1.subscriptions.retrieve(made.id)
    assert untold(sandbox) == []


def test_accounts_tell_who_they_are(sandbox: Sandbox) -> None:
    client = sandbox.client()

    assert client.v1.accounts.retrieve(NORTH).charges_enabled
    assert client.v1.accounts.retrieve_current(options={"stripe_account": NORTH}).id == NORTH
    with pytest.raises(stripe.PermissionError) as refused:
        client.v1.accounts.retrieve("nobody")
    assert refused.value.error is not None
    assert refused.value.error.code == "account_invalid"


def test_an_item_is_read_by_its_own_id(ada: Subscriber) -> None:
    made = ada.subscribes("starter")
    items = ada.client.v1.subscription_items

    assert items.retrieve(item_of(made)["id"]).subscription == made.id
    assert [each.id for each in items.list({"subscription": made.id}).data] == [item_of(made)["id"]]
    with pytest.raises(stripe.InvalidRequestError, match="No such subscription_item"):
        items.retrieve("si_0")
