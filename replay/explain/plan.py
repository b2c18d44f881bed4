"""Which plan a user has, since when and by which subscription; which they had before, and why."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from projections.plan_periods import PLAN_PERIODS, PlanPeriod
from replay.as_of import records_about, shown
from replay.cut import Cut, rows_at
from replay.explain.dunning import Terms, steps
from replay.explain.explanation import Explained, Explanation, reasons
from replay.explain.outcomes import row_of
from replay.explain.trouble import About
from replay.past import Past
from replay.sentences.words import when
from replay.whose import Whose


def explain(past: Past, whose: Whose, terms: Terms, user: str, at: datetime) -> Explanation:
    """Which plan has a user at a moment?"""
    ids, cut = whose.ids(user), Cut(at)
    records = records_about(past, whose, PLAN_PERIODS, user)
    rows: dict[Any, Any] = {
        key: row
        for key, row in rows_at(PLAN_PERIODS, cut, records).items()
        if isinstance(row, PlanPeriod) and row.customer_id in ids
    }
    seen = shown(PLAN_PERIODS, rows, cut)
    now = [row for row in rows.values() if holds(row, at)]
    about = About(subscriptions=frozenset(row.subscription_id for row in rows.values()))
    return Explanation(
        question=f"which plan has {user}?",
        answer=bool(now),
        at=at,
        says="; ".join(f"{user} has {_says(row)}" for row in now) or f"{user} has no plan",
        rows=[
            Explained(
                says=_says(row),
                row=seen[key],
                because=reasons(past, past.events([row.stream]), row_of(PLAN_PERIODS, key)),
                would_end=list(_would_end(row, at)),
            )
            for key, row in rows.items()
        ],
        why_not=[] if now else list(_why_not(whose, user, bool(rows))),
        dunning=steps(past, whose.customer(user), terms, about, at),
    )


def holds(row: PlanPeriod, at: datetime) -> bool:
    """Whether a moment is within a stretch of time."""
    return row.held_from <= at and (row.held_until is None or at < row.held_until)


def _says(row: PlanPeriod) -> str:
    until = f" until {when(row.held_until)}" if row.held_until else ""
    return f"plan {row.plan_id} by {row.subscription_id} since {when(row.held_from)}{until}"


def _would_end(row: PlanPeriod, at: datetime) -> Iterator[str]:
    if row.held_until is not None:
        yield f"nothing: it ended at {when(row.held_until)}"
    elif row.held_from <= at:
        yield "a change of plan, its being canceled, or a bill of it that is never paid"


def _why_not(whose: Whose, user: str, had_one: bool) -> Iterator[str]:
    if had_one:
        yield "the last one ended"
    elif whose.customer(user):
        yield f"no subscription holds a plan of the catalog for {user}"
    else:
        yield f"nobody known here is {user}"
