"""The paid_invoices table: what a customer gets a receipt for."""

from __future__ import annotations

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.purchases import Purchase, all_purchases
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.truth.invoices import Invoice


def paid_invoices(known: Known) -> Table:
    """One row for each paid invoice and for each paid sale that needs no invoice."""
    invoices = [_invoice(known, each) for each in known.view.all(Invoice) if each.status == "paid"]
    sales = [_sale(each) for each in all_purchases(known) if each.grants and each.one_off]
    return keyed([*invoices, *sales], "invoice_id")


def _invoice(known: Known, noun: Invoice) -> Row:
    own = noun.subscription_metadata.get("user_id") or noun.metadata.get("user_id")
    paid = [known.money(each) for each in known.intents_of.get(noun.id, ())]
    periodic = [line for line in noun.lines if line.subscription] or noun.lines
    return {
        "invoice_id": noun.id,
        "account": noun.account,
        "customer_id": known.owner(own, noun.customer),
        "subscription_id": noun.subscription,
        "number": noun.number,
        "currency": noun.currency,
        "amount_paid_minor": noun.amount_paid,
        "amount_refunded_minor": sum(each.refunded_minor for each in paid),
        "paid_at": moment(noun.paid_at),
        "period_start": moment(min(line.period_start for line in periodic)),
        "period_end": moment(max(line.period_end for line in periodic)),
    }


def _sale(each: Purchase) -> Row:
    return {
        "invoice_id": each.id,
        "account": each.source.account,
        "customer_id": each.customer_id,
        "subscription_id": None,
        "number": None,
        "currency": each.source.currency,
        "amount_paid_minor": each.money.paid_minor,
        "amount_refunded_minor": each.money.refunded_minor,
        "paid_at": moment(each.money.paid_at),
        "period_start": None,
        "period_end": None,
    }
