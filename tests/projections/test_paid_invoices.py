"""Receipts: one row for each invoice or one-off purchase that is paid."""

from ledger.aggregates import invoice_events as invoice
from ledger.aggregates import purchase_events
from ledger.effects import Receipt
from ledger.money import Money
from ledger.observations import Period
from projections.paid_invoices import PaidInvoice
from tests.projections.given import DAY, INVOICE, JAN_1, PURCHASE, given, rows

EUROS = Money(2900, "eur")
PERIOD = Period(JAN_1, JAN_1 + 30 * DAY)


def test_a_paid_invoice_has_a_row() -> None:
    receipt = Receipt("user_1", EUROS, JAN_1, 100, "sub_1", "N-1", PERIOD)

    events = given(INVOICE, invoice.Receipted(receipt=receipt))

    assert rows("paid_invoices", *events) == [
        PaidInvoice(
            stream=INVOICE,
            invoice_id="in_1",
            account="",
            customer_id="user_1",
            subscription_id="sub_1",
            number="N-1",
            currency="eur",
            amount_paid_minor=2900,
            amount_refunded_minor=100,
            paid_at=JAN_1,
            period_start=PERIOD.start,
            period_end=PERIOD.end,
        )
    ]


def test_a_one_off_purchase_has_a_row_until_it_turns_out_to_pay_an_invoice() -> None:
    sold = purchase_events.Receipted(receipt=Receipt(None, EUROS, JAN_1))
    settled = purchase_events.Receipted(receipt=None)

    (row,) = rows("paid_invoices", *given(PURCHASE, sold))
    assert isinstance(row, PaidInvoice)
    assert (row.invoice_id, row.customer_id, row.period_start) == ("pi_1", None, None)
    assert rows("paid_invoices", *given(PURCHASE, sold, settled)) == []
