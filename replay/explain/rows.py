"""Why a payment, an invoice or a subscription is as its row says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from ledger.money import Money
from ledger.policy import Policy
from projections.invoices import INVOICES
from projections.projection import Projection
from projections.purchases import PURCHASES
from projections.subscriptions import SUBSCRIPTIONS
from replay.as_of import shown
from replay.cut import Cut, rows_at
from replay.explain.because import Derive
from replay.explain.dunning import Step, Terms, steps
from replay.explain.explanation import Explained, Explanation, reasons
from replay.explain.outcomes import access_of, category, invoice_of, row_of
from replay.explain.trouble import About
from replay.history import UnknownSubject
from replay.past import Past
from replay.sentences.words import when
from replay.whose import Whose


class Noun(msgspec.Struct, frozen=True):
    """How rows of one table are explained; `behind` is derived from the facts besides the row."""

    projection: Projection
    says: Callable[[Any], str]
    would_change: Callable[[Any], Iterator[str]]
    behind: Callable[[Policy], Derive]


def explain(
    past: Past, whose: Whose, terms: Terms, asked: tuple[str, str], at: datetime
) -> Explanation:
    """`asked` is (noun, id). Raises UnknownSubject where no such thing was ever named."""
    name, word = asked
    noun, cut = NOUNS[name], Cut(at)
    streams = [each for each in whose.streams(word) if category(each) == name]
    if not streams:
        raise UnknownSubject(word, name)
    entries = past.ledger.histories(streams)
    records = [(position, topic, state) for position, _, _, topic, state in entries]
    rows = rows_at(noun.projection, cut, records)
    seen = shown(noun.projection, rows, cut)
    found = [_explained(past, noun, terms.policy, streams, key, row) for key, row in seen.items()]
    return Explanation(
        question=f"why is {name} {word} as it is?",
        answer=bool(found),
        at=at,
        says="; ".join(each.says for each in found) or f"{name} {word} has no row",
        rows=found,
        why_not=[] if found else _why_not(rows),
        dunning=_dunning(past, whose, terms, asked, [each.row for each in found], at),
    )


def _dunning(
    past: Past,
    whose: Whose,
    terms: Terms,
    asked: tuple[str, str],
    rows: Sequence[Mapping[str, Any]],
    at: datetime,
) -> list[Step]:
    """Of the bill itself, or those of the subscription; what was done about them is its payer's."""
    about = ABOUT.get(asked[0])
    payers = {row["customer_id"] for row in rows} - {None}
    if about is None:
        return []
    streams = {each for payer in payers for each in whose.customer(payer)}
    own = streams or set(whose.streams(asked[1]))
    return steps(past, sorted(own), terms, about(frozenset([asked[1]])), at)


def _explained(
    past: Past, noun: Noun, policy: Policy, streams: Sequence[str], key: Any, row: dict[str, Any]
) -> Explained:
    events = past.events([each for each in streams if each == key])
    return Explained(
        says=noun.says(row),
        row=row,
        because=reasons(past, events, row_of(noun.projection, key)),
        behind=reasons(past, events, noun.behind(policy)),
        would_end=list(noun.would_change(row)),
    )


def _why_not(rows: Mapping[Any, Any]) -> list[str]:
    if rows:
        return ["it was not reported itself yet, only named by others"]
    return ["what was reported of it so far makes no row: a draft, or only a link"]


def purchase_says(row: dict[str, Any]) -> str:
    paid = _amount(row["paid_minor"], row["currency"])
    back = _amount(row["refunded_minor"], row["currency"])
    since = f" since {when(row['paid_at'])}" if row["paid_at"] else ""
    whose = row["customer_id"] or "nobody we know"
    return (
        f"payment {row['purchase_id']} of {whose} is {row['status']}{since}: {paid} paid, {back}"
        " of it refunded"
    )


def invoice_says(row: dict[str, Any]) -> str:
    total, left = (
        _amount(row[name], row["currency"]) for name in ("total_minor", "remaining_minor")
    )
    whose = row["customer_id"] or "nobody we know"
    return f"invoice {row['invoice_id']} of {whose} over {total} is {row['status']}: {left} is owed"


def subscription_says(row: dict[str, Any]) -> str:
    until = f"paid until {when(row['paid_until'])}" if row["paid_until"] else "not paid for"
    whose = row["customer_id"] or "nobody we know"
    return f"subscription {row['subscription_id']} of {whose} is {row['status']} and {until}"


def purchase_changes(row: dict[str, Any]) -> Iterator[str]:
    """What would change a payment."""
    if row["status"] in ("pending", "failed"):
        yield "its payment being reported, or its being canceled"
    if row["paid_minor"] > row["refunded_minor"]:
        yield "a refund, or a dispute"
    if row["status"] == "quarantined":
        yield "a report that settles the contradiction"
    if row["customer_id"] is None:
        yield "a report that names its payer, or `billing claim`"


def invoice_changes(row: dict[str, Any]) -> Iterator[str]:
    """What would change an invoice."""
    if row["status"] in ("open", "uncollectible"):
        yield "its payment, a credit note, or its being voided"
    if row["status"] == "paid":
        yield "nothing; what is refunded shows on its receipt"


def subscription_changes(row: dict[str, Any]) -> Iterator[str]:
    """What would change a subscription."""
    if row["ended_at"] is not None:
        yield f"nothing: it ended at {when(row['ended_at'])}"
    elif row["cancel_at"] is not None:
        yield f"time: it is to be canceled at {when(row['cancel_at'])}"
    else:
        yield "its next invoice, a change of plan, or its being canceled or paused"


def _amount(minor: int, currency: str | None) -> str:
    return str(Money(minor, currency)) if currency else str(minor)


NOUNS: Mapping[str, Noun] = {
    "purchase": Noun(PURCHASES, purchase_says, purchase_changes, access_of),
    "invoice": Noun(INVOICES, invoice_says, invoice_changes, lambda _: invoice_of),
    "subscription": Noun(SUBSCRIPTIONS, subscription_says, subscription_changes, access_of),
}
"""What can be explained by its id -> how; the name is the category of its streams too."""

ABOUT: Mapping[str, Callable[[frozenset[str]], About]] = {
    "invoice": lambda ids: About(invoices=ids),
    "subscription": lambda ids: About(subscriptions=ids),
}
"""What can be explained and may lack payment -> which bills the way of is told."""
