"""Why a user may use a feature, until when, and what would end that; or why not."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from ledger.aggregates.hand_grant import HandGrant
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Standing, Subscription
from ledger.ids import parse_stream
from projections.entitlements import ENTITLEMENTS, Entitlement, active, reason
from replay.as_of import records_about, shown
from replay.cut import Cut, rows_at
from replay.explain.dunning import Step, Terms, steps
from replay.explain.explanation import Explained, Explanation, reasons
from replay.explain.outcomes import access_of, category, row_of
from replay.explain.trouble import About
from replay.explain.why_not import why_not
from replay.past import Past
from replay.sentences.words import BECAUSE, when
from replay.whose import Whose


def explain(
    past: Past, whose: Whose, terms: Terms, asked: tuple[str, str], at: datetime
) -> Explanation:
    """May a user use a feature at a moment? `asked` is (user, feature)."""
    user, feature = asked
    ids = whose.ids(user)
    cut = Cut(at)
    records = records_about(past, whose, ENTITLEMENTS, user)
    rows: dict[Any, Any] = {
        key: row
        for key, row in rows_at(ENTITLEMENTS, cut, records).items()
        if isinstance(row, Entitlement) and row.feature == feature and row.customer_id in ids
    }
    yes = any(active(row, at) for row in rows.values())
    seen = shown(ENTITLEMENTS, rows, cut)
    return Explanation(
        question=f"may {user} use {feature}?",
        answer=yes,
        at=at,
        says=f"{'yes' if yes else 'no'}: {_says(user, feature, rows, at)}",
        rows=[
            Explained(
                says=_row_says(row, at),
                row=seen[key],
                because=reasons(past, past.events([row.stream]), row_of(ENTITLEMENTS, key)),
                behind=reasons(past, past.events([row.stream]), access_of(terms.policy)),
                would_end=list(would_end(row, at)),
            )
            for key, row in rows.items()
        ],
        why_not=[] if yes else list(why_not(past, whose, user, feature, list(rows.values()))),
        dunning=_dunning(past, whose.customer(user), terms, feature, at),
    )


def _dunning(
    past: Past, streams: Sequence[str], terms: Terms, feature: str, at: datetime
) -> list[Step]:
    """Of the subscriptions that are for the feature, or were."""
    plans = past.events([each for each in streams if category(each) == Subscription.CATEGORY])
    stood = [each.event for each in plans if isinstance(each.event, Standing)]
    ids = {
        parse_stream(each.originator_id).key
        for each in stood
        if feature in each.standing.state.features
    }
    return steps(past, streams, terms, About(subscriptions=frozenset(ids)), at)


def _says(user: str, feature: str, rows: dict[Any, Any], at: datetime) -> str:
    good = [row for row in rows.values() if active(row, at)]
    if not good:
        return f"{user} may not use {feature}"
    ends = [row.ends_at for row in good]
    until = "for good" if None in ends else f"until {when(max(ends))}"
    return f"{user} may use {feature} {until}"


def _row_says(row: Entitlement, at: datetime) -> str:
    why = _clause(reason(row, at)) if row.granted_at <= at else "not yet"
    until = f" until {when(row.ends_at)}" if row.ends_at else ""
    return f"{row.source_kind} {row.source_id} gives it since {when(row.granted_at)}{until}: {why}"


def would_end(row: Entitlement, at: datetime) -> Iterator[str]:
    """What would end an access that lasts, or that nothing has to."""
    if not active(row, at):
        if row.ends_at is not None and row.ends_at <= at:
            yield f"nothing: it ended at {when(row.ends_at)}"
        return
    yield from ENDS[row.source_kind](row)


def _payment_ends(row: Entitlement) -> Iterator[str]:
    yield f"a full refund of {row.source_id}"
    yield f"a dispute of {row.source_id} that is lost"


def _subscription_ends(row: Entitlement) -> Iterator[str]:
    if row.ended_because is not None:
        yield f"time: it ends at {when(row.ends_at)}, since {_clause(row.ended_because)}"
    else:
        yield f"time: it ends at {when(row.ends_at)} unless another invoice is paid before"
    yield f"{row.source_id} being canceled, paused or left unpaid"
    yield "all that was paid for it being refunded or lost by disputes"


def _grant_ends(row: Entitlement) -> Iterator[str]:
    if row.ends_at is not None:
        yield f"time: it ends at {when(row.ends_at)}"
    yield f"a person withdrawing {row.source_id}"


def _clause(word: str) -> str:
    """A word of the column `reason` as a clause."""
    return REASONS.get(word) or {str(name): clause for name, clause in BECAUSE.items()}[word]


ENDS: dict[str, Callable[[Entitlement], Iterator[str]]] = {
    Purchase.CATEGORY: _payment_ends,
    Subscription.CATEGORY: _subscription_ends,
    HandGrant.CATEGORY: _grant_ends,
}
REASONS: dict[str, str] = {
    "paid": "it is paid for",
    "trial": "it is a trial",
    "granted": "a person granted it by hand",
    "grace": "what was paid for is over, and the grace lasts",
    "expired": "what was paid for is over, and the grace too",
}
"""Word of the column `reason`, while access lasts or runs out by itself, -> a clause."""
