"""Invoices written by hand and sent by mail."""

from __future__ import annotations

from dataclasses import replace

from web.sandbox.truth import invoicing
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.catalog import Price
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.invoices import Invoice, InvoiceItem, Line
from web.sandbox.truth.invoicing import Bill
from web.sandbox.truth.world import Truth

SERVICE_DAYS = 30


def send_invoice(truth: Truth, customer: Customer, price: Price, quantity: int) -> Invoice:
    """An invoice the customer is to pay within 30 days: `invoice.sent` is the last fact."""
    line = _line(truth, price, quantity)
    bill = Bill(customer=customer.id, reason="manual", lines=(line,), collection="send_invoice")
    invoice = invoicing.draft(truth, bill)
    truth.add(_item(truth, invoice, line), "invoiceitem.created")
    invoice = invoicing.finalize(truth, invoice)
    truth.tell(invoice, "invoice.sent")
    return invoice


def _line(truth: Truth, price: Price, quantity: int) -> Line:
    return Line(
        id=truth.new_id("il_1"),
        amount=price.unit_amount * quantity,
        currency=price.currency,
        description=f"{quantity} x {price.nickname}",
        quantity=quantity,
        price=price,
        period_start=truth.now,
        period_end=truth.now + SERVICE_DAYS * DAY,
        invoice_item=truth.new_id("ii_1"),
    )


def _item(truth: Truth, invoice: Invoice, line: Line) -> InvoiceItem:
    item = InvoiceItem(
        id=line.invoice_item or "",
        account=invoice.account,
        created=truth.now,
        customer=invoice.customer,
        line=line,
    )
    return replace(item, invoice=invoice.id)
