"""A delivery plan loses nothing, whatever goes wrong."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from web.sandbox.faults import Attempt, Faults, plan, with_spends
from web.sandbox.truth.spends import Spend

SHARES = st.floats(0, 1)
FAULTS = st.builds(
    Faults,
    duplicates=SHARES,
    shuffle=SHARES,
    delay_seconds=st.integers(0, 400 * 86400),
    drops=SHARES,
    outages=st.integers(0, 3),
    outage_seconds=st.integers(0, 86400),
)


@given(st.lists(st.integers(0, 2**31), max_size=50), FAULTS, st.integers())
def test_every_event_arrives_at_least_once(times: list[int], faults: Faults, seed: int) -> None:
    attempts = plan(times, faults, Random(seed))
    assert {each.event for each in attempts} == set(range(len(times)))
    assert all(each.at >= times[each.event] for each in attempts)
    assert attempts == sorted(attempts, key=lambda each: each.at)


@given(st.lists(st.integers(0, 2**31), max_size=50), FAULTS, st.integers())
def test_the_same_seed_makes_the_same_plan(times: list[int], faults: Faults, seed: int) -> None:
    assert plan(times, faults, Random(seed)) == plan(times, faults, Random(seed))


def test_without_faults_events_arrive_once_and_in_order() -> None:
    times = [10, 10, 10, 20]
    attempts = plan(times, Faults(duplicates=0), Random(1))
    assert attempts == [Attempt(10, 0), Attempt(10, 1), Attempt(10, 2), Attempt(20, 3)]


def test_a_duplicate_is_the_same_event_again() -> None:
    attempts = plan([10] * 100, Faults(duplicates=1.0), Random(1))
    assert len(attempts) == 200
    assert {each.event for each in attempts} == set(range(100))


def test_a_long_delay_shuffles_across_the_whole_plan() -> None:
    times = list(range(1000))
    faults = Faults(duplicates=0, shuffle=1.0, delay_seconds=10**6)
    order = [each.event for each in plan(times, faults, Random(1))]
    assert max(abs(place - event) for place, event in enumerate(order)) > 500


def test_nothing_arrives_during_an_outage_and_all_of_it_afterwards() -> None:
    times = list(range(0, 86400, 60))
    faults = Faults(duplicates=0, outages=1, outage_seconds=7200)
    attempts = plan(times, faults, Random(1))
    start = next(each.at for each in attempts if each.at != times[each.event]) // 60
    late = [each for each in attempts if each.at != times[each.event]]
    assert start > 0
    assert 100 < len(late) < 130


def test_commands_come_after_the_deliveries_of_their_second() -> None:
    spend = Spend(10, "u1", 5, "key")
    attempts = [Attempt(10, 0), Attempt(11, 1)]
    assert list(with_spends(attempts, [spend])) == [attempts[0], spend, attempts[1]]
