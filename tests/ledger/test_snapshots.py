"""The newest snapshot is the same whatever the order of arrival, and never guessed."""

from datetime import datetime, timedelta
from functools import reduce
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.snapshots import Newest, Snapshot, newest
from tests.ledger.given import START

CREATED, UPDATED, DELETED = 0, 1, 2


def born(state: str) -> Snapshot[str]:
    return Snapshot(state, START, CREATED, born=True)


def change(prior: str, state: str, rank: int = UPDATED) -> Snapshot[str]:
    return Snapshot(state, START, rank, prior)


def witness(state: str, rank: int = UPDATED, seconds: int = 0) -> Snapshot[str]:
    return Snapshot(state, START + timedelta(seconds=seconds), rank)


def arrived(*snapshots: Snapshot[str]) -> Newest[str]:
    first, *rest = snapshots
    return reduce(newest, rest, newest(None, first))


CHAINS: dict[str, tuple[tuple[Snapshot[str], ...], str]] = {
    "there": ((born("a"), change("a", "b")), "b"),
    "there and on": ((born("a"), change("a", "b"), change("b", "c")), "c"),
    "there and back": ((born("a"), change("a", "b"), change("b", "a")), "a"),
    "back to where an earlier second was": ((change("b", "c"), change("c", "a")), "a"),
    "there, back and away": (
        (born("a"), change("a", "b"), change("b", "a"), change("a", "c")),
        "c",
    ),
    "incomplete, active, past due, active": (
        (born("i"), change("i", "a"), change("a", "p"), change("p", "a")),
        "a",
    ),
    "changes beat a higher rank in their midst": (
        (change("a", "b", DELETED), change("b", "c", UPDATED)),
        "c",
    ),
    "a witness of the middle": ((change("a", "b"), change("b", "c"), witness("b")), "c"),
    "a witness of the end": ((change("a", "b"), change("b", "c"), witness("c")), "c"),
    "a deletion is no part of a chain": (
        (born("a"), change("a", "b"), witness("gone", DELETED)),
        "gone",
    ),
    "rank alone": ((witness("x", CREATED), witness("y", UPDATED)), "y"),
}


@pytest.mark.parametrize("story", CHAINS)
def test_a_chain_in_one_second_ends_alike_in_all_orders(story: str) -> None:
    snapshots, end = CHAINS[story]

    results = {arrived(*order) for order in permutations(snapshots)}

    assert len(results) == 1
    assert (results.pop().state, arrived(*snapshots).ambiguous) == (end, False)


def test_what_nothing_can_order_is_ambiguous_but_the_same_in_all_orders() -> None:
    rivals = (witness("x"), witness("y"), witness("z"))

    results = {arrived(*order) for order in permutations(rivals)}

    assert len(results) == 1
    assert results.pop().ambiguous


def test_a_circle_without_a_beginning_is_ambiguous() -> None:
    circle = (change("a", "b"), change("b", "a"))

    assert {arrived(*order).ambiguous for order in permutations(circle)} == {True}


class Booking(msgspec.Struct, frozen=True):
    status: str
    canceled_at: datetime | None = None


def test_a_circle_ends_where_it_began_and_it_began_with_nothing_of_this_second() -> None:
    kept, canceled = Booking("active"), Booking("active", canceled_at=START)
    there_and_back = (
        Snapshot(canceled, START, UPDATED, kept),
        Snapshot(kept, START, UPDATED, canceled),
    )

    results = {reduce(newest, order, None) for order in permutations(there_and_back)}

    assert {(each.state, each.ambiguous) for each in results if each} == {(kept, False)}


def test_a_circle_of_what_was_so_before_this_second_is_ambiguous() -> None:
    earlier = START - timedelta(seconds=1)
    kept, canceled = Booking("active"), Booking("active", canceled_at=earlier)
    circle = (
        Snapshot(canceled, START, UPDATED, kept),
        Snapshot(kept, START, UPDATED, canceled),
    )

    results = {reduce(newest, order, None) for order in permutations(circle)}

    assert {each.ambiguous for each in results if each} == {True}


def test_the_same_change_twice_in_one_second_is_ambiguous_and_not_guessed() -> None:
    """a, b, a, b: the second change says the same as the first, as a second endpoint's report does.

    Counting them apart, by the ids of their events, would leave every second in doubt of which two
    endpoints tell a part each.
    """
    there_twice = (change("a", "b"), change("b", "a"), change("a", "b"))

    assert {arrived(*order) for order in permutations(there_twice)} == {arrived(*there_twice)}
    assert arrived(*there_twice).ambiguous
    told_by_two = (change("a", "b"), change("a", "b"), change("b", "c"))
    assert (arrived(*told_by_two).state, arrived(*told_by_two).ambiguous) == ("c", False)


def test_a_later_second_ends_all_doubt() -> None:
    doubt = arrived(witness("x"), witness("y"))

    assert newest(doubt, witness("y", seconds=1)) == Newest((witness("y", seconds=1),))


def test_an_older_snapshot_changes_nothing() -> None:
    known = arrived(witness("y", seconds=1))

    assert newest(known, witness("x")) is known


def test_the_same_snapshot_again_changes_nothing() -> None:
    known = arrived(change("a", "b"), change("b", "a"))

    assert newest(known, change("b", "a")) is known


def test_two_that_agree_are_not_ambiguous() -> None:
    assert not arrived(witness("x", CREATED), change("w", "x"), witness("x")).ambiguous


snapshots = st.builds(
    Snapshot[str],
    st.sampled_from("abc"),
    st.sampled_from([START, START + timedelta(seconds=1)]),
    st.integers(0, 2),
    st.none() | st.sampled_from("abc"),
    st.booleans(),
)


@given(st.lists(snapshots, min_size=1, max_size=8), st.data())
def test_any_order_and_any_repetition_end_alike(
    seen: list[Snapshot[str]], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(seen), max_size=4))
    other = data.draw(st.permutations([*seen, *again]))

    assert arrived(*other) == arrived(*seen)
