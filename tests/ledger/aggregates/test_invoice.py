"""An invoice tells its story in named events, and its receipt once it is paid."""

from typing import Any

import pytest

from ledger.aggregates.invoice import Invoice
from ledger.aggregates.invoice_events import (
    Attributed,
    Billed,
    Credited,
    Finalized,
    MarkedUncollectible,
    Paid,
    PaymentFailed,
    PaymentLinked,
    Receipted,
    Settlement,
    Updated,
    Voided,
)
from ledger.credit_notes import PrePayment
from ledger.effects import Receipt, Receivable
from ledger.event import Event
from ledger.observations import Bill, InvoiceObserved, InvoiceStatus, Payer, Period
from ledger.policy import Coverage, TakenBack
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import day, given, usd, why

MONTH = Period(day(0), day(30))


def bill(status: InvoiceStatus = "open", **changes: Any) -> Bill:
    said: dict[str, Any] = {
        "paid": usd(3000 if status == "paid" else 0),
        "paid_at": day(1) if status == "paid" else None,
        "subscription_id": "sub_1",
        "period": MONTH,
        "covers": MONTH,
        **changes,
    }
    return Bill(status, Payer(None, "cus_1"), usd(3000), **said)


def standing(it: Bill, on: float = 0) -> Newest[Bill]:
    return Newest((Snapshot(it, day(on)),))


def seen(it: Bill, on: float) -> InvoiceObserved:
    return InvoiceObserved("in_1", Snapshot(it, day(on)))


OPEN = Finalized(standing=standing(bill()))
PAID = Paid(standing=standing(bill("paid"), 1))
ANNS = Attributed(customer_id="ann", provider_customer_id="cus_1")
RECEIPT = Receipt("ann", usd(3000), day(1), 0, "sub_1", None, MONTH)
RECEIPTED = Receipted(receipt=RECEIPT)
BILLED = Billed(receivable=Receivable("ann", bill("paid")))


def linked(
    payment_id: str, refunded: int = 0, taken: TakenBack | None = None, paid: int = 1500
) -> PaymentLinked:
    return PaymentLinked(payment_id=payment_id, settlement=Settlement(refunded, taken, paid))


@pytest.mark.parametrize(
    ("history", "after", "event"),
    [
        ((), bill(), Finalized),
        ((), bill("paid"), Paid),
        ((OPEN,), bill("paid"), Paid),
        ((OPEN,), bill("void"), Voided),
        ((OPEN,), bill("uncollectible"), MarkedUncollectible),
        ((OPEN,), bill(attempt_count=1), PaymentFailed),
        ((OPEN,), bill(number="ANN-1"), Updated),
        ((PAID,), bill("paid", attempt_count=2), Updated),
    ],
)
def test_the_event_names_what_is_new(
    history: tuple[Event, ...], after: Bill, event: type[Finalized]
) -> None:
    given(Invoice, "in_1", *history).when(lambda it: it.observe(seen(after, 2), why())).then(
        event(standing=standing(after, 2))
    )


def test_a_draft_counts_for_nothing() -> None:
    given(Invoice, "in_1").when(lambda it: it.observe(seen(bill("draft"), 0), why())).then()


def test_an_older_report_says_nothing_new() -> None:
    given(Invoice, "in_1", PAID).when(lambda it: it.observe(seen(bill(), 0), why())).then()


def test_a_paid_invoice_has_a_receipt_once() -> None:
    invoice = given(Invoice, "in_1", PAID, ANNS)

    invoice.when(lambda it: it.resolve(why())).then(BILLED, RECEIPTED)
    invoice.when(lambda it: it.resolve(why())).then()


@pytest.mark.parametrize("status", ["open", "void", "uncollectible"])
def test_what_is_not_paid_has_no_receipt(status: InvoiceStatus) -> None:
    told = Finalized(standing=standing(bill(status)))

    owed = Billed(receivable=Receivable("ann", bill(status)))
    given(Invoice, "in_1", told, ANNS).when(lambda it: it.resolve(why())).then(owed)


def test_refunds_of_its_payments_show_but_never_more_than_was_paid() -> None:
    invoice = given(Invoice, "in_1", PAID, ANNS, RECEIPTED, linked("pi_1", 1000))
    settlement = Settlement(2500, None, 1500)

    invoice.when(lambda it: it.link_payment("pi_2", settlement, why())).then(linked("pi_2", 2500))
    invoice.when(lambda it: it.link_payment("pi_2", settlement, why())).then()
    invoice.aggregate.resolve(why())

    assert invoice.aggregate.receipt is not None
    assert invoice.aggregate.receipt.refunded_minor == 3000


def test_it_covers_its_subscriptions_time_once_it_is_paid() -> None:
    assert given(Invoice, "in_1", OPEN, ANNS).aggregate.coverage is None
    paid = given(Invoice, "in_1", PAID, ANNS, RECEIPTED).aggregate

    assert paid.coverage == Coverage(day(1), day(0), day(30))


def test_its_cover_is_taken_back_when_nothing_is_left_of_all_payments() -> None:
    early, late = TakenBack(day(5), "refunded"), TakenBack(day(9), "dispute_lost")
    history = (PAID, ANNS, RECEIPTED, linked("pi_1", 1500, early))

    one = given(Invoice, "in_1", *history).aggregate.coverage
    half = given(Invoice, "in_1", *history, linked("pi_2")).aggregate.coverage
    none = given(Invoice, "in_1", *history, linked("pi_2", 0, late)).aggregate.coverage

    assert one == half == Coverage(day(1), day(0), day(30))
    assert none == Coverage(day(1), day(0), day(30), late)


def test_whose_it_is_is_recorded_once() -> None:
    invoice = given(Invoice, "in_1", OPEN)

    invoice.when(lambda it: it.attribute("ann", why())).then(ANNS)
    invoice.when(lambda it: it.attribute("ann", why())).then()


def test_a_credit_note_takes_off_what_is_owed_once() -> None:
    owed = bill(remaining_minor=3000)
    invoice = given(Invoice, "in_1", Finalized(standing=standing(owed)), ANNS)
    credit = PrePayment(1000, day(2))

    invoice.when(lambda it: it.credit("cn_1", credit, why())).then(
        Credited(credit_note_id="cn_1", credit=credit)
    )
    invoice.when(lambda it: it.credit("cn_1", credit, why())).then()
    invoice.when(lambda it: it.resolve(why())).then(
        Billed(receivable=Receivable("ann", owed, remaining_minor=2000))
    )


def test_what_is_owed_is_told_when_it_changes() -> None:
    invoice = given(Invoice, "in_1", PAID, ANNS, RECEIPTED)

    invoice.when(lambda it: it.resolve(why())).then(BILLED)
    invoice.when(lambda it: it.resolve(why())).then()
