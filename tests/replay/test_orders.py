"""An order has every delivery and the duplicates asked for, and is the same when told again."""

from __future__ import annotations

from collections import Counter

import pytest

from ledger.bookkeeper import BATCH
from replay.orders import AS_THEY_CAME, Orders
from tests.replay.given import year


def arrivals(orders: Orders, number: int) -> list[str]:
    return [each.originator_id for batch in orders.batches(number) for each in batch]


def test_order_0_is_as_they_came() -> None:
    orders = Orders(year(), duplicates=9, seed=1)

    assert arrivals(orders, AS_THEY_CAME) == [each.originator_id for each in year()]
    assert orders.length(AS_THEY_CAME) == len(year())


@pytest.mark.parametrize("number", range(1, 5))
def test_every_other_order_has_all_and_some_twice(number: int) -> None:
    orders = Orders(year(), duplicates=9, seed=1)
    arrived = arrivals(orders, number)

    assert len(arrived) == orders.length(number) == len(year()) + 9
    assert Counter(arrived).keys() == {each.originator_id for each in year()}
    assert arrived[: len(year())] != arrivals(orders, AS_THEY_CAME)


def test_an_order_is_told_again_by_its_seed_and_number() -> None:
    one, same = Orders(year(), 9, seed=1), Orders(year(), 9, seed=1)

    assert list(one.batches(4)) == list(same.batches(4))
    assert arrivals(one, 4) != arrivals(one, 5)
    assert arrivals(one, 4) != arrivals(Orders(year(), 9, seed=2), 4)


def test_batches_are_of_any_size_the_bookkeeper_takes() -> None:
    sizes = {len(batch) for n in range(30) for batch in Orders(year(), 0, 1).batches(n)}

    assert min(sizes) == 1
    assert max(sizes) <= BATCH
    assert len(sizes) > 20


def test_nothing_received_makes_empty_orders() -> None:
    assert list(Orders([], 9, 1).batches(1)) == []
    assert Orders([], 9, 1).length(1) == 0
