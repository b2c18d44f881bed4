"""A purchase: each kind of fact once, each effect recorded when it differs."""

import pytest
from msgspec.structs import replace

from ledger.aggregates.purchase import Purchase
from ledger.aggregates.purchase_events import (
    Attributed,
    CreditsResolved,
    Described,
    DisputeReported,
    Entitled,
    InvoiceSettled,
    Paid,
    PaymentClosed,
    Receipted,
    RefundReported,
    RefundTotalReported,
)
from ledger.effects import Access, Grant, Receipt
from ledger.event import Event
from ledger.money import Money
from ledger.observations import (
    Dispute,
    DisputeObserved,
    Payer,
    PaymentObserved,
    PaymentOutcome,
    Refund,
    RefundObserved,
    RefundTotalObserved,
    Terms,
)
from ledger.policy import Policy
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import START, day, given, usd, why

TERMS = Terms(
    START, Payer("ann", "cus_1"), usd(1000), features=("group:3",), credits=50, one_off=True
)
SNAPSHOT = Snapshot(TERMS, START, rank=2)
DESCRIBED = Described(source="intent", standing=Newest((SNAPSHOT,)), terms=TERMS, ours=True)
PAID = Paid(source="intent", reported=usd(1000), received=usd(1000), paid_at=START)
ANNS = Attributed(customer_id="ann", provider_customer_id="cus_1")
ACCESS = Access("ann", ("group:3",), START)
HISTORY: tuple[Event, ...] = (
    *(DESCRIBED, PAID, ANNS),
    Receipted(receipt=Receipt("ann", usd(1000), START)),
    Entitled(access=ACCESS),
    CreditsResolved(grant=Grant("ann", 50)),
)
OURS = Policy()


def reported(outcome: PaymentOutcome = "pending", received: Money | None = None) -> PaymentObserved:
    return PaymentObserved("pi_1", "intent", SNAPSHOT, outcome, received)


def test_a_report_describes_the_payment_and_its_money() -> None:
    purchase = given(Purchase, "pi_1")

    purchase.when(lambda it: it.observe(reported("paid", usd(1000)), OURS, why())).then(
        DESCRIBED, PAID
    )
    purchase.when(lambda it: it.observe(reported("paid", usd(1000)), OURS, why())).then()


def test_what_a_charge_captured_most_and_the_earliest_time_count() -> None:
    def captured(minor: int) -> PaymentObserved:
        return PaymentObserved("pi_1", "charge", None, "paid", usd(minor))

    purchase = given(
        Purchase,
        "pi_1",
        DESCRIBED,
        Paid(source="charge", reported=usd(900), received=usd(900), paid_at=day(1)),
    )

    purchase.when(lambda it: it.observe(captured(1000), OURS, why(day(2)))).then(
        Paid(source="charge", reported=usd(1000), received=usd(1000), paid_at=day(1))
    )
    purchase.when(lambda it: it.observe(captured(800), OURS, why(day(0)))).then(
        Paid(source="charge", reported=usd(800), received=usd(1000), paid_at=day(0))
    )


def test_an_intent_that_reports_two_amounts_contradicts_itself() -> None:
    purchase = given(Purchase, "pi_1", *HISTORY)

    purchase.when(lambda it: it.observe(reported("paid", usd(900)), OURS, why())).then(
        Paid(
            source="intent",
            reported=usd(900),
            received=usd(1000),
            paid_at=day(0),
            conflict="intent says 9.00 USD; intent says 10.00 USD",
        )
    )


@pytest.mark.parametrize("other", [Money(1000, "eur"), usd(999)])
def test_reports_that_contradict_each_other_are_quarantined_and_give_nothing(other: Money) -> None:
    purchase = given(Purchase, "pi_1", *HISTORY)
    session = PaymentObserved("pi_1", "checkout", None, "paid", other)

    purchase.when(lambda it: it.observe(session, OURS, why())).then(
        Paid(
            source="checkout",
            reported=other,
            received=usd(1000),
            paid_at=START,
            conflict=f"intent says 10.00 USD; checkout says {other}",
        )
    )
    purchase.when(lambda it: it.resolve(OURS, why())).then(
        Receipted(receipt=None),
        Entitled(access=None, dropped=("group:3",)),
        CreditsResolved(grant=None),
    )


def test_what_failed_can_still_be_given_up_but_not_the_other_way() -> None:
    purchase = given(Purchase, "pi_1", DESCRIBED, PaymentClosed(outcome="abandoned"))

    purchase.when(lambda it: it.observe(reported("failed"), OURS, why())).then()
    purchase.when(lambda it: it.observe(reported("canceled"), OURS, why())).then(
        PaymentClosed(outcome="canceled")
    )


def test_what_the_intent_says_comes_before_what_the_session_says() -> None:
    session = Terms(day(-1), Payer("bob", "cus_1", "b@example.org"), features=("x",), platform="P")
    seen = PaymentObserved("pi_1", "checkout", Snapshot(session, START), "pending")

    purchase = given(Purchase, "pi_1", DESCRIBED).aggregate
    purchase.observe(seen, OURS, why())

    assert purchase.terms == replace(
        TERMS, opened_at=day(-1), payer=Payer("ann", "cus_1", "b@example.org"), platform="P"
    )


def test_a_paid_purchase_gives_receipt_access_and_credits_once() -> None:
    purchase = given(Purchase, "pi_1", DESCRIBED, PAID, ANNS)

    purchase.when(lambda it: it.resolve(OURS, why())).then(*HISTORY[3:])
    purchase.when(lambda it: it.resolve(OURS, why())).then()


@pytest.mark.parametrize("history", [(DESCRIBED, ANNS), (PAID,), ()])
def test_what_is_not_paid_for_or_not_described_gives_nothing(history: tuple[Event, ...]) -> None:
    given(Purchase, "pi_1", *history).when(lambda it: it.resolve(OURS, why())).then()


def test_the_payment_of_an_invoice_has_no_receipt_of_its_own() -> None:
    purchase = given(Purchase, "pi_1", *HISTORY)

    purchase.when(lambda it: it.settle_invoice("in_1", why())).then(
        InvoiceSettled(invoice_id="in_1", invoice_ids=("in_1",))
    )
    purchase.when(lambda it: it.resolve(OURS, why())).then(Receipted(receipt=None))
    purchase.when(lambda it: it.settle_invoice("in_1", why())).then()


def test_a_full_refund_takes_everything_back() -> None:
    purchase = given(Purchase, "pi_1", *HISTORY)
    refund = Refund(usd(1000), "succeeded", day(3))

    purchase.when(lambda it: it.observe_refund(RefundObserved("pi_1", "re_1", refund), why())).then(
        RefundReported(refund_id="re_1", refund=refund, refunded_minor=1000)
    )
    purchase.when(lambda it: it.resolve(OURS, why())).then(
        Receipted(receipt=Receipt("ann", usd(1000), START, refunded_minor=1000)),
        Entitled(access=ACCESS.ended(day(3), "refunded")),
        CreditsResolved(grant=Grant("ann", 50, revoked=50)),
    )


def test_the_sum_of_refunds_is_recorded_with_what_it_comes_to() -> None:
    seen = RefundTotalObserved("pi_1", usd(400), day(3))

    given(Purchase, "pi_1", *HISTORY).when(lambda it: it.observe_refund_total(seen, why())).then(
        RefundTotalReported(total=usd(400), at=day(3), refunded_minor=400)
    )


def test_a_lost_dispute_is_recorded_with_when_it_was_lost() -> None:
    snapshot = Snapshot(Dispute(usd(1000), "lost"), day(9), rank=2)
    purchase = given(Purchase, "pi_1", *HISTORY)

    purchase.when(
        lambda it: it.observe_dispute(DisputeObserved("pi_1", "dp_1", snapshot), why())
    ).then(
        DisputeReported(
            dispute_id="dp_1",
            standing=Newest((snapshot,)),
            disputed_minor=1000,
            lost_minor=1000,
            lost_at=day(9),
        )
    )
    purchase.aggregate.resolve(OURS, why())
    assert purchase.aggregate.access == ACCESS.ended(day(9), "dispute_lost")


def test_access_that_moves_to_another_customer_drops_no_feature() -> None:
    purchase = given(Purchase, "pi_1", *HISTORY)

    purchase.when(lambda it: it.attribute("bob", why())).then(
        Attributed(customer_id="bob", provider_customer_id="cus_1")
    )
    purchase.when(lambda it: it.resolve(OURS, why())).then(
        Receipted(receipt=Receipt("bob", usd(1000), START)),
        Entitled(access=Access("bob", ("group:3",), START)),
        CreditsResolved(grant=Grant("bob", 50)),
    )


def test_another_platforms_purchase_loses_what_it_had_given() -> None:
    purchase = given(Purchase, "pi_1", *HISTORY).aggregate
    theirs = Snapshot(Terms(START, Payer(), platform="OTHER"), START)

    policy = Policy(platform="LEAD")
    purchase.observe(PaymentObserved("pi_1", "checkout", theirs, "pending"), policy, why())
    purchase.resolve(policy, why())

    assert (purchase.receipt, purchase.access, purchase.grant) == (None, None, None)
    entitled = next(event for event in purchase.collect_events() if isinstance(event, Entitled))
    assert entitled.dropped == ("group:3",)
