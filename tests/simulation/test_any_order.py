"""Any order, any duplication, any split into batches: the same rows, and they are true."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.delivery import Delivery
from tests.simulation.in_memory import START, Rows, deliveries, kept, rows, true_rows, untrue
from web.sandbox.year import Year, simulate

CUSTOMERS = 12
SEEDS = st.integers(0, 9)


@cache
def year(seed: int) -> Year:
    return simulate(seed, CUSTOMERS, START)


@cache
def told(seed: int) -> tuple[Delivery, ...]:
    return tuple(deliveries(year(seed).bodies()))


@cache
def in_order(seed: int) -> Rows:
    return rows(kept([told(seed)]))


@settings(max_examples=60)
@given(SEEDS, st.randoms(use_true_random=False), st.data())
def test_any_arrival_ends_in_the_rows_of_the_true_order(seed, random, data) -> None:  # type: ignore[no-untyped-def] # hypothesis fills the arguments
    again = data.draw(st.integers(0, len(told(seed))), label="duplicates")
    arrivals = [*told(seed), *random.choices(told(seed), k=again)]
    random.shuffle(arrivals)
    size = data.draw(st.integers(1, len(arrivals)), label="batch size")
    batches = [arrivals[start : start + size] for start in range(0, len(arrivals), size)]

    assert rows(kept(batches)) == in_order(seed)


@settings(max_examples=10)
@given(SEEDS)
def test_the_rows_are_what_is_true(seed: int) -> None:
    assert untrue(in_order(seed), true_rows(year(seed))) == []
