"""One story, one set of rows, whichever API versions tell it."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.delivery import Delivery
from tests.simulation.in_memory import START, Rows, deliveries, kept, rows, true_rows, untrue
from tests.simulation.retold import by_charge, shared, under_other_ids, unpaid_for
from web.sandbox.render.versions import VERSIONS
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.timeline import Timeline
from web.sandbox.truth.world import Fact
from web.sandbox.year import Year, simulate

CUSTOMERS = 53
"""More than there are stories, so that each is lived."""
SEEDS = st.integers(0, 1)
VERSION = st.sampled_from(VERSIONS)
ARRIVAL = st.integers(0, 2**32).map(Random)
DAYS = st.integers(1, 364)


@cache
def year(seed: int, account: str | Timeline) -> Year:
    return simulate(seed, CUSTOMERS, START, api_version=account)


@cache
def told(seed: int, account: str, endpoint: str) -> list[Delivery]:
    return deliveries(year(seed, account).bodies(endpoint))


@cache
def in_order(seed: int, version: str) -> Rows:
    return rows(kept([told(seed, version, version)]))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("seed", range(2))
def test_a_year_told_by_any_version_is_true(version: str, seed: int) -> None:
    assert untrue(in_order(seed, version), true_rows(year(seed, version))) == []


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("seed", range(2))
def test_a_year_told_by_any_version_leads_to_the_same_rows(version: str, seed: int) -> None:
    one, other = in_order(seed, VERSIONS[-1]), in_order(seed, version)
    truth = year(seed, version).truth.as_of()

    assert shared(other, truth) == shared(one, truth)
    if version >= "2025-09-30":
        assert other == one


@settings(max_examples=6, deadline=None)
@given(SEEDS, VERSION, ARRIVAL)
def test_any_version_may_arrive_in_any_order(seed: int, version: str, random: Random) -> None:
    arrivals = told(seed, version, version)

    assert rows(kept([_shuffled(arrivals, random)])) == in_order(seed, version)


@settings(max_examples=4, deadline=None)
@given(SEEDS, ARRIVAL)
def test_refunds_and_disputes_may_name_their_charge_alone(seed: int, random: Random) -> None:
    oldest = VERSIONS[0]
    arrivals = deliveries(by_charge(year(seed, oldest).rendered()))

    found = rows(kept([_shuffled(arrivals, random)]))
    assert unpaid_for(found) == unpaid_for(in_order(seed, oldest))


@settings(max_examples=6, deadline=None)
@given(SEEDS, VERSION, VERSION, DAYS, ARRIVAL)
def test_the_version_may_change_on_any_day(
    seed: int, first: str, then: str, day: int, random: Random
) -> None:
    upgraded = Timeline(first, ((int(START.timestamp()) + day * DAY, then),))
    lived = simulate(seed, CUSTOMERS, START, api_version=upgraded)
    arrivals = _shuffled(deliveries(lived.bodies()), random)

    assert untrue(rows(kept([arrivals])), true_rows(lived)) == []


@settings(max_examples=6, deadline=None)
@given(SEEDS, VERSION, VERSION, VERSION, ARRIVAL)
def test_two_endpoints_may_tell_the_same_facts_under_different_ids(
    seed: int, account: str, one: str, other: str, random: Random
) -> None:
    second = under_other_ids(year(seed, account).rendered(other))
    arrivals = _shuffled([*told(seed, account, one), *deliveries(second)], random)
    truth = true_rows(year(seed, account), Timeline(one).of, Timeline(other).of)

    assert untrue(rows(kept([arrivals])), truth) == []


@settings(max_examples=6, deadline=None)
@given(SEEDS, VERSION, VERSION, VERSION, ARRIVAL)
def test_of_two_endpoints_either_may_be_the_first_to_tell_a_fact(
    seed: int, account: str, one: str, other: str, random: Random
) -> None:
    """Both are sent the same event under one id, and the Inbox keeps the one that came first."""
    sent = [*told(seed, account, one), *told(seed, account, other)]
    first = {each.envelope.event_id: each for each in _shuffled(sent, random)}

    def version(fact: Fact) -> str:
        kept_one = first.get(fact.id)
        return one if kept_one is None else kept_one.envelope.api_version or ""

    truth = true_rows(year(seed, account), version)
    assert untrue(rows(kept([list(first.values())])), truth) == []


def _shuffled(arrivals: list[Delivery], random: Random) -> list[Delivery]:
    return random.sample(arrivals, k=len(arrivals))
