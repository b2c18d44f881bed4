"""What comes after a payment in the stand-in: refunds and disputes."""

from __future__ import annotations

import pytest
import stripe

from tests.web.sandbox.api.conftest import Sandbox


@pytest.fixture
def paid(client: stripe.StripeClient) -> stripe.PaymentIntent:
    return bought(client, "pm_card_visa")


def bought(client: stripe.StripeClient, card: str) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {"amount": 4900, "currency": "usd", "payment_method": card, "confirm": True}
    )


def test_money_goes_back_in_parts_until_nothing_is_left(
    client: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    part = client.v1.refunds.create(
        {"payment_intent": paid.id, "amount": 900, "metadata": {"why": "late"}}
    )
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded"):
        client.v1.refunds.create({"payment_intent": paid.id, "amount": 4001})
    rest = client.v1.refunds.create({"charge": str(paid.latest_charge)})
    with pytest.raises(stripe.InvalidRequestError) as refused:
        client.v1.refunds.create({"payment_intent": paid.id})

    assert (part.status, part.amount, rest.amount) == ("succeeded", 900, 4000)
    assert refused.value.code == "charge_already_refunded"
    charge = client.v1.charges.retrieve(str(paid.latest_charge))
    assert (charge.amount_refunded, charge.refunded) == (4900, True)
    listed = client.v1.refunds.list({"payment_intent": paid.id}).data
    assert [each.id for each in listed] == [rest.id, part.id]


def test_a_bank_may_send_a_refund_back(
    sandbox: Sandbox, client: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    refund = client.v1.refunds.create({"payment_intent": paid.id})
    client.raw_request("post", f"/sandbox/refunds/{refund.id}/fail")

    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    assert "refund.failed" in sandbox.told


def test_a_payer_who_always_disputes_does_so(sandbox: Sandbox, client: stripe.StripeClient) -> None:
    intent = bought(client, "pm_card_createDispute")
    sandbox.world.move(10)

    [dispute] = client.v1.disputes.list({"payment_intent": intent.id}).data
    assert (dispute.status, dispute.reason, dispute.amount) == (
        "needs_response",
        "fraudulent",
        4900,
    )
    assert dispute.balance_transactions[0].fee == 1500
    with pytest.raises(stripe.InvalidRequestError, match="charged back"):
        client.v1.refunds.create({"payment_intent": intent.id})


@pytest.mark.parametrize(
    ("evidence", "status", "last"),
    [
        ("winning_evidence", "won", "charge.dispute.funds_reinstated"),
        ("losing_evidence", "lost", "charge.dispute.closed"),
    ],
)
def test_evidence_decides_a_dispute(
    evidence: str,
    status: str,
    last: str,
    sandbox: Sandbox,
    client: stripe.StripeClient,
    paid: stripe.PaymentIntent,
) -> None:
    client.raw_request("post", "/sandbox/disputes", payment_intent=paid.id)
    [dispute] = client.v1.disputes.list().data

    decided = client.v1.disputes.update(dispute.id, {"evidence": {"uncategorized_text": evidence}})

    assert (decided.status, sandbox.told[-1]) == (status, last)
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.v1.disputes.close(dispute.id)


def test_an_inquiry_takes_no_money(
    sandbox: Sandbox, client: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    client.raw_request("post", "/sandbox/disputes", payment_intent=paid.id, inquiry="true")
    [inquiry] = client.v1.disputes.list().data
    client.raw_request("post", f"/sandbox/disputes/{inquiry.id}/decide", status="warning_closed")

    closed = client.v1.disputes.retrieve(inquiry.id)
    assert (closed.status, closed.balance_transactions) == ("warning_closed", [])
    assert "charge.dispute.funds_withdrawn" not in sandbox.told
