"""How an invoice ends: paid, paid outside Stripe, failed, void or written off."""

from __future__ import annotations

from web.sandbox.truth import payments
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.invoices import Invoice, InvoicePayment
from web.sandbox.truth.world import Truth


def settle(truth: Truth, invoice: Invoice) -> Invoice:
    """The bill is paid, by its payment intent or because nothing was due."""
    invoice = truth.fresh(invoice)
    changes = {"attempts": invoice.attempts + (1 if invoice.amount_due else 0)}
    types = ("invoice.updated", "invoice.paid", "invoice.payment_succeeded")
    invoice = _paid(truth, invoice, *types, **changes)
    if invoice.payment is not None:
        part = truth.get(InvoicePayment, invoice.payment)
        truth.change(part, "invoice_payment.paid", status="paid", paid_at=truth.now)
    return invoice


def settle_out_of_band(truth: Truth, invoice: Invoice) -> Invoice:
    """Somebody paid by cheque and we said so: no payment succeeded, the intent is dropped."""
    invoice = _paid(truth, invoice, "invoice.updated", "invoice.paid", out_of_band=True)
    _drop_payment(truth, invoice, "requested_by_customer")
    return invoice


def fail(truth: Truth, invoice: Invoice, next_attempt: int | None, retry: bool = True) -> Invoice:
    """An attempt to collect failed: `invoice.payment_failed`. Of what is no `retry` of Stripe's
    own only the very first is counted."""
    before = truth.fresh(invoice).attempts
    attempts = before + 1 if retry else max(before, 1)
    types = ("invoice.updated", "invoice.payment_failed")
    return truth.change(invoice, *types, attempts=attempts, next_attempt=next_attempt)


def void(truth: Truth, invoice: Invoice) -> Invoice:
    """The bill was a mistake: `invoice.voided`."""
    types = ("invoice.updated", "invoice.voided")
    invoice = truth.change(
        invoice, *types, status="void", voided_at=truth.now, auto_advance=False, next_attempt=None
    )
    _drop_payment(truth, invoice, "void_invoice")
    return invoice


def give_up(truth: Truth, invoice: Invoice) -> Invoice:
    """We do not expect this money any more: `invoice.marked_uncollectible`."""
    types = ("invoice.updated", "invoice.marked_uncollectible")
    changes = {"status": "uncollectible", "uncollectible_at": truth.now, "auto_advance": False}
    return truth.change(invoice, *types, **changes, next_attempt=None)


def _paid(truth: Truth, invoice: Invoice, *types: str, **more: object) -> Invoice:
    changes = {
        "status": "paid",
        "amount_paid": truth.fresh(invoice).amount_due,
        "paid_at": truth.now,
        "auto_advance": False,
        "next_attempt": None,
    }
    return truth.change(invoice, *types, **changes, **more)


def _drop_payment(truth: Truth, invoice: Invoice, reason: str) -> None:
    if invoice.payment is None:
        return
    part = truth.get(InvoicePayment, invoice.payment)
    truth.change(part, status="canceled", canceled_at=truth.now)
    payments.cancel(truth, truth.get(Intent, part.intent), reason)
