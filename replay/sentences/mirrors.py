"""What is reported of objects that are only mirrored, and of deliveries, in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from ledger.aggregates import bookkeeping as books
from ledger.aggregates import mirrors as nouns
from ledger.aggregates.mirror import Reported
from replay.sentences.words import Sentences, key, listed, minor, when

Told = Callable[[Any], str]
"""The object as it stands -> its own part of the sentence."""


def mirrored(noun: str, told: Told) -> Callable[[Reported[Any]], str]:
    """How reports of one kind of object are told."""

    def sentence(event: Reported[Any]) -> str:
        state = event.standing.state if event.standing else None
        stands = told(state) if state is not None else "is not reported itself yet"
        since = [f"{name} since {when(at)}" for name, at in event.since.items()]
        part = [f"{event.part.kind} of {event.part.amount}"] if event.part else []
        return f"{noun} {key(event)} {'; '.join([stands, *since, *part])}"

    return sentence


def method(state: Any) -> str:
    return f"is a {' '.join(filter(None, (state.brand, state.kind, state.last4)))}"


def schedule(state: Any) -> str:
    return f"plans changes of {state.subscription_id or 'a subscription'}: {state.status}"


def batch(event: books.BatchKept) -> str:
    counts = Counter(entry.outcome for entry in event.entries)
    of = listed(f"{number} {outcome}" for outcome, number in sorted(counts.items()))
    return f"deliveries were worked off up to position {event.inbox_position}: {of}"


def retried(event: books.Retried) -> str:
    entry = event.entry
    reason = f" ({entry.reason})" if entry.reason else ""
    return f"{entry.type} {entry.event_id} was worked off again: {entry.outcome}{reason}"


def reported(state: Any) -> str:
    """What is told of an object nothing more is known of here."""
    amount = getattr(state, "amount", None)
    if hasattr(state, "amount_minor"):  # it may be negative, as Money is not
        amount = f"{state.amount_minor} minor units of {state.currency}"
    return f"of {amount} is reported" if amount else "is reported"


MIRRORED: Sentences = {
    **{
        kind.REPORTED: mirrored(kind.CATEGORY.replace("_", " "), reported)
        for kind in nouns.MIRRORS.values()
    },
    nouns.CreditNoteReported: mirrored(
        "credit note", lambda it: f"over {it.amount} on invoice {it.invoice_id} is {it.status}"
    ),
    nouns.PaymentMethodReported: mirrored("payment method", method),
    nouns.SetupIntentReported: mirrored(
        "set-up", lambda it: f"of {it.payment_method_id or 'a payment method'} is {it.status}"
    ),
    nouns.MandateReported: mirrored(
        "mandate", lambda it: f"for {it.payment_method_id or 'a payment method'} is {it.status}"
    ),
    nouns.TransferReported: mirrored(
        "transfer",
        lambda it: (
            f"of {it.amount} to {it.destination or 'an account'},"
            f" {minor(it.reversed_minor, it.amount)} of it reversed"
        ),
    ),
    nouns.ApplicationFeeReported: mirrored(
        "application fee", lambda it: f"of {it.amount} on charge {it.charge_id}"
    ),
    nouns.PayoutReported: mirrored("payout", lambda it: f"of {it.amount} is {it.status}"),
    nouns.ActiveEntitlementsReported: mirrored(
        "Stripe says that", lambda it: f"may use {listed(it.features)}"
    ),
    nouns.CreditGrantReported: mirrored("Stripe's credit grant", lambda it: f"of {it.amount}"),
    nouns.ScheduleReported: mirrored("schedule", schedule),
    books.BatchKept: batch,
    books.Refused: lambda e: f"{key(e)} was refused ({e.code}): {e.reason}",
    books.Retried: retried,
}
