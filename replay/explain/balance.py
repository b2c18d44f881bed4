"""Why a user has as many credits as they have: each grant, what was taken back, and each use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from projections.balances import BALANCES, Balance
from replay.as_of import records_about, shown
from replay.cut import Cut, rows_at
from replay.explain.because import Group, because_of_parts
from replay.explain.explanation import Explained, Explanation, in_words
from replay.explain.outcomes import balance_of, wallet_part
from replay.past import Past, Recorded
from replay.whose import Whose


def explain(past: Past, whose: Whose, user: str, at: datetime) -> Explanation:
    """How many credits has a user, in each account's wallet?"""
    ids, cut = whose.ids(user), Cut(at)
    records = records_about(past, whose, BALANCES, user)
    rows: dict[Any, Any] = {
        key: row
        for key, row in rows_at(BALANCES, cut, records).items()
        if isinstance(row, Balance) and row.customer_id in ids
    }
    seen = shown(BALANCES, rows, cut)
    available = sum(row.available for row in rows.values())
    return Explanation(
        question=f"how many credits has {user}?",
        answer=bool(rows),
        at=at,
        says=f"{user} has {available} credits",
        rows=[
            Explained(
                says=says(row),
                row=seen[key],
                because=in_words(past, balance_because(past.events([row.stream]))),
                would_end=list(_would_change(row)),
            )
            for key, row in rows.items()
        ],
        why_not=[] if rows else list(_why_not(past, whose, user)),
    )


def balance_because(events: Sequence[Recorded]) -> list[Group]:
    """Every grant, revocation and use that counts; each grant and each use counts for itself."""
    return because_of_parts(events, balance_of, wallet_part)


def says(row: Balance) -> str:
    """What is left in a wallet, and where the others went."""
    missing = f"; {row.shortfall} were taken back after they were spent" if row.shortfall else ""
    where = f"at {row.account}: " if row.account else ""
    return (
        f"{where}{row.available} are left of {row.granted}: {row.spent} were spent"
        f" and {row.revoked} taken back{missing}"
    )


def _would_change(row: Balance) -> Iterator[str]:
    yield "the next credits that are bought or spent"
    if row.granted > row.revoked:
        yield "a refund, or a dispute that is lost, of a payment that gave some"
    if row.shortfall:
        yield f"the next {row.shortfall} credits only fill what is missing"


def _why_not(past: Past, whose: Whose, user: str) -> Iterator[str]:
    if not whose.customer(user):
        yield f"nobody known here is {user}"
    elif past.events(whose.wallets(user)):
        yield f"what {user} was given turned out to be another's"
    else:
        yield f"no payment of {user}'s buys credits"
