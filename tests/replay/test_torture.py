"""The same deliveries in many orders end alike; and where a guard is missing, that is found."""

from __future__ import annotations

from replay.orders import Orders
from replay.torture import Contrast, Torture, contrasts
from tests.museum import without
from tests.replay.given import NOW, RULES, year


def torture(duplicates: int = 10) -> Torture:
    return Torture(Orders(year(), duplicates, seed=1), RULES, NOW, lambda _: None)


def test_every_order_ends_alike() -> None:
    assert torture().run(range(1, 6)) is None


def test_an_order_that_ends_otherwise_is_found_with_its_rows() -> None:
    with without.an_order_of_snapshots():
        run = torture()
        found = run.run(range(1, 6))
        assert found is not None
        again = run.run([found.number])

    assert found.contrasts
    assert again == found, "an order is replayed by its number"


def test_the_rows_of_two_endings_are_held_against_each_other() -> None:
    before = torture().ending.rows
    first, second, *_ = before["purchases"].items()
    after = {**before, "customers": {}, "purchases": {**before["purchases"], first[0]: second[1]}}
    key, customer = min(before["customers"].items())

    assert Contrast("purchases", first[0], first[1], second[1]) in contrasts(before, after)
    assert next(contrasts(before, after)) == Contrast("customers", key, customer, None)
    assert next(contrasts(after, before)) == Contrast("customers", key, None, customer)
    assert list(contrasts(before, before)) == []


def test_every_arrival_is_counted_for_the_progress_bar() -> None:
    worked: list[int] = []
    orders = Orders(year(), 10, seed=1)
    Torture(orders, RULES, NOW, worked.append).run([1])

    assert sum(worked) == orders.length(0) + orders.length(1)
