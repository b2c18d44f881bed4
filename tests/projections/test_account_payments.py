"""Payments of charges as they stand; what turned out to be another's is gone."""

from ledger.account_standing import PaymentStanding
from ledger.aggregates.charge_account import Settled
from ledger.money import Money
from projections.account_payments import AccountPayment
from tests.projections.given import DAY, JAN_1, given, rows

ACCOUNT = "charge_account/stripe/live/acct_9/ann"
USD = Money(1000, "usd")


def test_a_payment_is_pending_until_the_money_is_there() -> None:
    asked = PaymentStanding("pending", USD, ("may",), "ap_1", "pi_1", "cus_1", JAN_1)
    wrong = PaymentStanding(
        "mismatched", USD, ("may",), "ap_1", "pi_1", "cus_1", JAN_1, JAN_1 + DAY, 5, "why"
    )

    events = given(ACCOUNT, Settled(payments={"ap_1": asked}), Settled(payments={"ap_1": wrong}))

    expected = AccountPayment(
        stream=ACCOUNT,
        payment_key="ap_1",
        account="acct_9",
        customer_id="ann",
        provider_customer_id="cus_1",
        status="mismatched",
        currency="usd",
        amount_minor=1000,
        refunded_minor=5,
        charge_ids=("may",),
        is_external=False,
        purchase_id="pi_1",
        requested_at=JAN_1,
        paid_at=JAN_1 + DAY,
        mismatch="why",
    )
    assert rows("account_payments", *events) == [expected]
    (first,) = rows("account_payments", *events[:1])
    assert isinstance(first, AccountPayment)
    assert (first.status, first.paid_at, first.mismatch) == ("pending", None, None)


def test_money_from_outside_is_external_and_goes_with_its_owner() -> None:
    external = PaymentStanding("paid", USD, payment_id="pi_9", paid_at=JAN_1)
    events = given(ACCOUNT, Settled(payments={"pi_9": external}), Settled(gone=("pi_9",)))

    (row,) = rows("account_payments", *events[:1])
    assert isinstance(row, AccountPayment)
    assert (row.is_external, row.payment_key, row.charge_ids) == (True, "pi_9", ())
    assert rows("account_payments", *events) == []
