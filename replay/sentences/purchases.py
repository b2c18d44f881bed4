"""What happens to payments and charges, in words."""

from __future__ import annotations

from ledger.aggregates import charge as charges
from ledger.aggregates import purchase_events as purchases
from ledger.observations import DisputeStatus, RefundStatus, Terms
from replay.sentences.words import NOBODY, Sentences, access, key, listed, minor, owner, when

_REFUNDS: dict[RefundStatus, str] = {
    "pending": "is on its way",
    "succeeded": "went back",
    "failed": "did not go back after all",
}
_DISPUTES: dict[DisputeStatus, str] = {
    "inquiry": "is asked about by the bank",
    "open": "is disputed",
    "won": "is no longer disputed: we won",
    "lost": "was lost by a dispute",
}


def described(event: purchases.Described) -> str:
    ours = "" if event.ours else ", which is another platform's"
    return f"the {event.source} of payment {key(event)} says it is for {_terms(event.terms)}{ours}"


def _terms(terms: Terms) -> str:
    parts = [str(terms.amount)] if terms.amount else []
    parts += [*terms.features, *([f"{terms.credits} credits"] if terms.credits else [])]
    said = terms.payer.user_id or terms.payer.provider_customer_id or terms.payer.email
    return f"{listed(parts, 'something it does not tell')}, paid by {said or NOBODY}"


def paid(event: purchases.Paid) -> str:
    conflict = f"; the reports contradict each other: {event.conflict}" if event.conflict else ""
    return (
        f"the {event.source} of payment {key(event)} reports {event.reported} received;"
        f" that makes {event.received} since {when(event.paid_at)}{conflict}"
    )


def contradicted(event: purchases.Contradicted) -> str:
    if event.conflict is None:
        return f"what is told of payment {key(event)} agrees again"
    return f"what is told of payment {key(event)} contradicts itself: {event.conflict}"


def closed(event: purchases.PaymentClosed) -> str:
    return f"payment {key(event)} came to nothing so far: {event.outcome}"


def refunded(event: purchases.RefundReported) -> str:
    refund = event.refund
    return (
        f"{refund.amount} of payment {key(event)} {_REFUNDS[refund.status]} (refund"
        f" {event.refund_id}); {minor(event.refunded_minor, refund.amount)} is refunded in all"
    )


def refunded_in_all(event: purchases.RefundTotalReported) -> str:
    total = minor(event.refunded_minor, event.total)
    return f"a report of payment {key(event)} says {event.total} is refunded; we count {total}"


def disputed(event: purchases.DisputeReported) -> str:
    dispute = event.standing.state
    return (
        f"{dispute.amount} of payment {key(event)} {_DISPUTES[dispute.status]} (dispute"
        f" {event.dispute_id}); {minor(event.lost_minor, dispute.amount)} is lost in all"
    )


def entitled(event: purchases.Entitled) -> str:
    return f"payment {key(event)} {access(event.access, event.dropped)}"


def receipted(event: purchases.Receipted) -> str:
    receipt = event.receipt
    if receipt is None:
        return f"payment {key(event)} has no receipt of its own any more"
    back = minor(receipt.refunded_minor, receipt.paid)
    return f"payment {key(event)} has a receipt over {receipt.paid}, of which {back} went back"


def credits_due(event: purchases.CreditsResolved) -> str:
    grant = event.grant
    if grant is None:
        return f"payment {key(event)} buys no credits any more"
    back = f", of which {grant.revoked} are taken back" if grant.revoked else ""
    return f"payment {key(event)} buys {grant.customer_id} {grant.credits} credits{back}"


def account_credited(event: purchases.AccountCredited) -> str:
    credit = event.credit
    if credit is None:
        return f"payment {key(event)} brings nothing to an account of charges any more"
    asked = f", as asked for by {credit.request_id}" if credit.request_id else ""
    back = ", but went back" if credit.taken_back_at else ""
    whose = f"{credit.customer_id}'s account"
    return f"payment {key(event)} brings {credit.received} to {whose}{asked}{back}"


PURCHASES: Sentences = {
    purchases.Described: described,
    purchases.Paid: paid,
    purchases.Contradicted: contradicted,
    purchases.PaymentClosed: closed,
    purchases.RefundReported: refunded,
    purchases.RefundTotalReported: refunded_in_all,
    purchases.DisputeReported: disputed,
    purchases.InvoiceSettled: lambda e: f"payment {key(e)} settles invoice {e.invoice_id}",
    purchases.SoldAlone: lambda e: f"payment {key(e)} settles no invoice: a sale of its own",
    purchases.Claimed: lambda e: f"a person said that payment {key(e)} is {e.customer_id}'s",
    purchases.Attributed: lambda e: f"payment {key(e)} is {owner(e.customer_id)}'s",
    purchases.Receipted: receipted,
    purchases.Entitled: entitled,
    purchases.CreditsResolved: credits_due,
    purchases.AccountCredited: account_credited,
    charges.Linked: lambda e: f"charge {key(e)} belongs to payment {e.payment_id}",
    charges.RefundHeld: lambda e: (
        f"refund {e.seen.refund_id} waits until the payment of charge {key(e)} is known"
    ),
    charges.DisputeHeld: lambda e: (
        f"dispute {e.seen.dispute_id} waits until the payment of charge {key(e)} is known"
    ),
}
