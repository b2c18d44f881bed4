"""The whole way from deliveries to rows without a database: clerk, events, folds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from ledger.assembly import OBSERVERS
from ledger.clerk import Rules
from ledger.delivery import Delivery
from ledger.policy import Policy
from ledger.providers.stripe.receiver import envelope
from replay.memory import MemoryLedger
from web.sandbox.demo.comparison import KEYS
from web.sandbox.lives.shop import PLATFORM
from web.sandbox.oracle import Tables, oracle
from web.sandbox.oracle.telling import Teller
from web.sandbox.year import Year

START = datetime(2025, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 2, tzinfo=UTC)
RULES = Rules(OBSERVERS, Policy(platform=PLATFORM), livemode=False)

Rows = dict[str, dict[Any, Any]]


def deliveries(bodies: Iterable[bytes]) -> list[Delivery]:
    """Deliveries of these bodies, all received at NOW."""
    return [Delivery(envelope(body), NOW, {}, body) for body in bodies]


def kept(batches: Iterable[Sequence[Delivery]]) -> MemoryLedger:
    """A ledger that has worked these batches off, and refused nothing."""
    ledger = MemoryLedger(RULES)
    for batch in batches:
        ledger.keep(batch, NOW)
    assert not ledger.outcomes["refused"]
    return ledger


def rows(ledger: MemoryLedger) -> Rows:
    """The rows of all tables but the one that arrival decides, by table and key."""
    return {name: dict(table) for name, table in ledger.rows.items() if name != "deliveries"}


def true_rows(year: Year, *tellers: Teller, fees: bool = False) -> Tables:
    """What the simulator says must be in the tables when nothing was spent.

    `tellers` say by which API version each fact was told, unless that is the account's own;
    `fees` that what payments cost was asked for.
    """
    told = tellers or (year.account.of,)
    return oracle(year.truth, platform=PLATFORM, spends=[], tellers=told, fees=fees)


def untrue(found: Rows, truth: Tables) -> list[tuple[Any, ...]]:
    """Every disagreement of rows with the truth: table, key, column, what is true, what is there.

    The column is None where one of them has no such row.
    """
    return [
        (table, *each)
        for table, columns in KEYS.items()
        for each in _untrue(
            {tuple(getattr(row, c) for c in columns): row for row in _shown(found[table])},
            {tuple(row[c] for c in columns): row for row in truth[table].values()},
        )
    ]


def _shown(table: dict[Any, Any]) -> list[Any]:
    """The rows finance sees: of a payment that only others name there is none yet."""
    return [row for row in table.values() if getattr(row, "seen", True)]


def _untrue(found: dict[Any, Any], truth: dict[Any, dict[str, Any]]) -> Iterator[tuple[Any, ...]]:
    for key in found.keys() ^ truth.keys():
        yield key, None, truth.get(key), found.get(key)
    for key in found.keys() & truth.keys():
        for column, value in truth[key].items():
            seen = getattr(found[key], "ended_because" if column == "reason" else column)
            if (list(seen) if isinstance(seen, tuple) else seen) != value:
                yield key, column, value, seen
