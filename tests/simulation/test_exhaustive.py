"""All orders there are, where there are few: bursts of one second, and stretches of each story."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from itertools import groupby, permutations

import pytest

from ledger.delivery import Delivery
from tests.museum import without
from tests.simulation.confluence import forks
from tests.simulation.in_memory import RULES, START, deliveries, kept
from web.sandbox.lives import population
from web.sandbox.lives.stories import STORIES, Story
from web.sandbox.year import simulate

LONGEST_BURST = 9
STRETCH = 7
WHOLE = 7
TOLD_LITERALLY = 5  # 120 orders

Some = tuple[Delivery, ...]
Likeness = tuple[tuple[str, int], ...]


@cache
def life(story: Story) -> Some:
    """A year of one customer with one story: the deliveries that say something."""
    with without.instead(population, "STORIES", (story,)):
        told = deliveries(simulate(1, 1, START).bodies())
    observe = RULES.observers["stripe"].observe
    return tuple(each for each in told if observe(each).ignored is None)


def bursts(story: Story) -> Iterator[Some]:
    """What is told in one and the same second."""
    for _, together in groupby(life(story), key=lambda each: each.envelope.created):
        yield tuple(together)


def stretches(story: Story) -> Iterator[Some]:
    """Every few deliveries in a row; all of a story that is short."""
    told = life(story)
    size = WHOLE if len(told) <= WHOLE else STRETCH
    for start in range(max(1, len(told) - size + 1)):
        yield told[start : start + size]


def unlike(some: Iterable[Some]) -> list[Some]:
    """One of all that have the same types on the same days."""
    return list({likeness(each): each for each in some}.values())


def likeness(some: Some) -> Likeness:
    first = some[0].envelope.created
    return tuple((each.envelope.type, (each.envelope.created - first).days) for each in some)


BURSTS = unlike(burst for story in STORIES for burst in bursts(story) if len(burst) > 1)


def test_no_order_of_a_burst_matters() -> None:
    few = [burst for burst in BURSTS if len(burst) <= LONGEST_BURST]

    assert len(few) > 20
    assert forking(few) == []


@pytest.mark.parametrize("part", range(4))  # so that several processes share the work
def test_no_order_of_a_stretch_of_any_story_matters(part: int) -> None:
    told = unlike(stretch for story in STORIES for stretch in stretches(story))

    assert len(told) > 100
    assert forking(told[part::4]) == []


def test_told_in_each_of_their_orders_bursts_end_alike() -> None:
    for burst in BURSTS:
        if len(burst) <= TOLD_LITERALLY:
            orders = permutations(burst)
            assert len({kept([order]).fingerprint for order in orders}) == 1, likeness(burst)


def test_where_arrival_decides_that_is_found() -> None:
    with without.an_order_of_snapshots():
        assert forking(burst for burst in BURSTS if len(burst) <= TOLD_LITERALLY)


def forking(several: Iterable[Some]) -> list[tuple[Likeness, frozenset[int], int]]:
    """Everything of which some order ends otherwise."""
    return [(likeness(some), *found) for some in several for found in forks(some)]
