"""What happens to invoices, in words."""

from __future__ import annotations

from ledger.aggregates import invoice_events as invoices
from replay.sentences.words import Sentences, key, minor, owner, when


def finalized(event: invoices.Finalized) -> str:
    bill = event.standing.state
    due = f", due by {when(bill.due_at)}" if bill.due_at else ""
    return f"invoice {key(event)} over {bill.total} is final{due}"


def updated(event: invoices.Updated) -> str:
    return f"details of invoice {key(event)} changed; it is {event.standing.state.status}"


def payment_failed(event: invoices.PaymentFailed) -> str:
    bill = event.standing.state
    again = f"; the next is {when(bill.next_attempt_at)}" if bill.next_attempt_at else ""
    return f"try {bill.attempt_count} to collect invoice {key(event)} failed{again}"


def paid(event: invoices.Paid) -> str:
    bill = event.standing.state
    return f"invoice {key(event)} is paid: {bill.paid} at {when(bill.paid_at)}"


def linked(event: invoices.PaymentLinked) -> str:
    settlement = event.settlement
    back = f", {settlement.refunded_minor} of it" if settlement.refunded_minor else ", none of it"
    return (
        f"payment {event.payment_id} settles {settlement.paid_minor} minor units of invoice"
        f" {key(event)}{back} went back"
    )


def credited(event: invoices.Credited) -> str:
    credit = event.credit
    voided = f", until it was voided at {when(credit.until)}" if credit.until else ""
    return (
        f"credit note {event.credit_note_id} takes {credit.minor} minor units off invoice"
        f" {key(event)} from {when(credit.since)} on{voided}"
    )


def billed(event: invoices.Billed) -> str:
    receivable = event.receivable
    left = minor(receivable.remaining_minor, receivable.bill.total)
    return (
        f"{owner(receivable.customer_id)} owes {left} by invoice {key(event)}, which is"
        f" {receivable.bill.status}"
    )


def receipted(event: invoices.Receipted) -> str:
    receipt = event.receipt
    if receipt is None:
        return f"invoice {key(event)} has no receipt any more"
    back = minor(receipt.refunded_minor, receipt.paid)
    return f"invoice {key(event)} has a receipt over {receipt.paid}, of which {back} went back"


INVOICES: Sentences = {
    invoices.Finalized: finalized,
    invoices.Updated: updated,
    invoices.PaymentFailed: payment_failed,
    invoices.Paid: paid,
    invoices.Voided: lambda e: f"invoice {key(e)} was withdrawn",
    invoices.MarkedUncollectible: lambda e: f"invoice {key(e)} was given up",
    invoices.PaymentLinked: linked,
    invoices.Credited: credited,
    invoices.Attributed: lambda e: f"invoice {key(e)} is {owner(e.customer_id)}'s",
    invoices.Billed: billed,
    invoices.Receipted: receipted,
}
