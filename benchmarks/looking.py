"""What one fresh process does in a round: look at one key, or a whole table, as of the middle."""

from __future__ import annotations

from time import perf_counter
from typing import Any

from benchmarks.folding import Run, peak_bytes
from ledger.ids import Scope
from ledger.store.names import Names
from projections.balances import BALANCES
from projections.entitlements import ENTITLEMENTS
from projections.projection import Key, Projection
from replay.as_of import Shown, shown_at
from replay.cut import known_by, tables_at
from replay.past import Past
from replay.whose import Place, Whose

FIRST = 2_000
"""Positions within which somebody has bought credits."""


def one_key(url: str) -> Run:
    """One customer's balance."""
    return _look(url, BALANCES, _customer(url))


def whole_table(url: str) -> Run:
    """Every row of the entitlements."""
    return _look(url, ENTITLEMENTS)


def prove(url: str) -> None:
    """The row of a key is the very row that the whole table has."""
    customer = _customer(url)
    with Past(url, Names()) as past:
        every = _rows(past, url, BALANCES)
        one = _rows(past, url, BALANCES, customer)
    assert one, "that customer had no credits by then"
    assert one == {key: row for key, row in every.items() if row["customer_id"] == customer}


def _look(url: str, projection: Projection, *asked: str) -> Run:
    with Past(url, Names()) as past:
        past.ledger.head()  # connects
        start = perf_counter()
        rows = _rows(past, url, projection, *asked)
        seconds = perf_counter() - start
    assert rows
    return Run(seconds, 0.0, peak_bytes())


def _rows(past: Past, url: str, projection: Projection, *asked: str) -> dict[Key, Shown]:
    """As of the middle of history."""
    whose = Whose(past, Place(url, Names(), Scope("stripe", livemode=False)))
    cut = known_by(past, past.ledger.head() // 2)
    (rows,) = shown_at(past, whose, projection, [cut], asked)
    return rows


def _customer(url: str) -> str:
    """Somebody who bought credits early on."""
    with Past(url, Names()) as past:
        (rows,) = tables_at(past, BALANCES, [known_by(past, FIRST)])
    row: Any = next(iter(rows.values()))
    return str(row.customer_id)
