"""Each thing is intended once, from where reactions begin on, whatever crashes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from eventsourcing.persistence import OperationalError

from ledger.event import Cause
from ledger.reactions.beginning import NoSuchPosition, begin
from ledger.reactions.effects import EffectFailed
from ledger.store.errors import PositionMoved
from tests.ledger.given import START
from tests.ledger.reactions.given import Clock, Noted, Workshop, sold, workshop


def again(at: Workshop, position: int) -> None:
    """A person says where to begin."""
    begin(at.reactions, at.log, position, at.history.head(), at.clock())


def test_old_history_has_no_effects_and_what_comes_after_has_one_each(database_url: str) -> None:
    effect = Noted()
    with workshop(database_url, Clock(), effect) as at:
        at.append(*sold(1), *sold(2))
        at.react()
        assert effect.tasks == []

        at.append(*sold(3))
        at.react()
        at.react()

        assert [each.id for each in effect.tasks] == ["reaction/stripe/test//test.told:pi_3"]
        assert effect.tasks[0].data == {"amount": 103}


def test_an_empty_ledger_begins_at_its_beginning(database_url: str) -> None:
    effect = Noted()
    with workshop(database_url, Clock(), effect) as at:
        at.react()
        at.append(*sold(1))
        at.react()

        assert len(effect.tasks) == 1


def test_of_two_reactors_one_is_refused_and_nothing_is_intended_twice(
    database_url: str,
) -> None:
    with workshop(database_url, Clock(), Noted()) as at:
        one, other = at.reactor(), at.reactor()
        at.append(*sold(1))
        assert other.position == 0
        assert one.follow() == 2
        with pytest.raises(PositionMoved):
            other.follow()

        assert len(at.all()) == 1


def test_one_may_begin_earlier_on_purpose_and_nothing_is_done_twice(database_url: str) -> None:
    effect = Noted()
    with workshop(database_url, Clock(), effect) as at:
        at.append(*sold(1))
        at.react()
        at.append(*sold(2))
        at.react()
        again(at, 0)
        at.react()

        assert [each.id[-4:] for each in effect.tasks] == ["pi_2", "pi_1"]
        with pytest.raises(NoSuchPosition, match="after position 99: the last is 4"):
            again(at, 99)


def test_who_is_at_work_learns_that_another_beginning_was_set(database_url: str) -> None:
    with workshop(database_url, Clock(), Noted()) as at:
        at.append(*sold(1))
        reactor = at.reactor()
        assert reactor.follow() == 0
        at.append(*sold(2), *sold(3))
        again(at, at.history.head())

        with pytest.raises(PositionMoved):
            reactor.follow()
        assert at.all() == {}


def test_what_fails_is_tried_again_ever_later_and_then_parked(database_url: str) -> None:
    effect = Noted(*[EffectFailed("it is down") for _ in range(20)])
    clock = Clock()
    with workshop(database_url, clock, effect) as at:
        at.reactor()
        at.append(*sold(1))
        for _ in range(200):
            at.react()
            clock.turn(timedelta(minutes=30))

        (found,) = at.all().values()
        assert (found.status, found.attempts, found.error) == ("parked", 8, "it is down")
        assert len(effect.tasks) == 8
        assert len({each.id for each in effect.tasks}) == 1


def test_what_does_not_pass_is_parked_at_once(database_url: str) -> None:
    effect = Noted(EffectFailed("no such box", passing=False), LookupError("a bug"))
    with workshop(database_url, Clock(), effect) as at:
        at.reactor()
        at.append(*sold(1), *sold(2))
        at.react()

        assert [each.error for each in at.all().values()] == [
            "no such box",
            "a fault of ours, LookupError: the log says more",
        ]
        assert {each.status for each in at.all().values()} == {"parked"}


class Poison(Exception):
    """Of no kind that anybody expects, such as a library's own."""


def test_an_effect_that_is_broken_in_any_way_is_parked_and_the_next_one_is_had(
    database_url: str,
) -> None:
    effect = Noted(Poison("ann@customers.example"), RecursionError())
    with workshop(database_url, Clock(), effect) as at:
        at.reactor()
        at.append(*sold(1), *sold(2), *sold(3))
        at.react()

        assert [(each.status, each.error) for each in at.all().values()] == [
            ("parked", "a fault of ours, Poison: the log says more"),
            ("parked", "a fault of ours, RecursionError: the log says more"),
            ("done", None),
        ]


def test_an_effect_that_meets_a_database_out_of_reach_is_not_to_blame(database_url: str) -> None:
    effect = Noted(OperationalError("gone"))
    with workshop(database_url, Clock(), effect) as at:
        at.reactor()
        at.append(*sold(1))
        with pytest.raises(OperationalError):
            at.react()
        at.react()

        assert [each.status for each in at.all().values()] == ["done"]


def test_an_effect_that_fails_for_itself_keeps_no_other_waiting(database_url: str) -> None:
    effect = Noted(EffectFailed("no address yet", alone=True))
    with workshop(database_url, Clock(), effect) as at:
        at.reactor()
        at.append(*sold(1), *sold(2))
        at.react()

        assert [each.id[-4:] for each in effect.tasks] == ["pi_1", "pi_2"]


def test_while_one_lane_fails_others_of_it_wait(database_url: str) -> None:
    effect, clock = Noted(EffectFailed("it is down")), Clock()
    with workshop(database_url, clock, effect) as at:
        reactor = at.reactor()
        at.append(*sold(1), *sold(2))
        reactor.follow()
        executor = at.executor()

        assert executor.work()
        executor.follow()
        assert not executor.work()
        clock.turn(timedelta(seconds=11))
        assert executor.work()

        assert [each.id[-4:] for each in effect.tasks] == ["pi_1", "pi_2"]


def test_who_says_when_to_be_asked_again_is_left_alone_until_then(database_url: str) -> None:
    busy = EffectFailed("it is busy", not_before=START + timedelta(minutes=30))
    effect, clock = Noted(busy), Clock()
    with workshop(database_url, clock, effect) as at:
        reactor = at.reactor()
        at.append(*sold(1), *sold(2))
        reactor.follow()
        executor, tried = at.executor(), list[float]()
        for _ in range(40):
            while executor.work():
                executor.follow()
                tried.append((clock() - START).total_seconds() / 60)
            clock.turn(timedelta(minutes=1))

    assert tried == [0, 30, 30]


def test_one_answer_keeps_all_others_waiting_for_an_hour_at_most(database_url: str) -> None:
    busy = EffectFailed("it is busy", not_before=START + timedelta(days=9))
    effect, clock = Noted(busy), Clock()
    with workshop(database_url, clock, effect) as at:
        reactor = at.reactor()
        at.append(*sold(1), *sold(2))
        reactor.follow()
        executor, tried = at.executor(), list[tuple[str, float]]()
        for _ in range(26):
            while executor.work():
                executor.follow()
                tried.append((effect.tasks[-1].id[-4:], (clock() - START).total_seconds() / 3600))
            clock.turn(timedelta(hours=1))

    assert tried == [("pi_1", 0), ("pi_2", 1), ("pi_1", 24)]


def test_who_is_gone_gets_no_more_until_a_person_wants_it_tried_again(database_url: str) -> None:
    effect = Noted(EffectFailed("it is gone", gone=True))
    with workshop(database_url, Clock(), effect) as at:
        reactor = at.reactor()
        at.append(*sold(1), *sold(2))
        reactor.follow()
        executor = at.executor()
        while executor.work():
            executor.follow()
        one, other = at.all().values()
        assert (one.status, one.error, other.status) == ("parked", "it is gone", "parked")
        assert "nobody is there any more" in (other.error or "")
        assert [each.id for each in effect.tasks] == [one.id]

        other.retry(Cause("person", START, START))
        at.reactions.append(other.collect_events())
        at.append(*sold(3))
        reactor.follow()
        executor.follow()
        while executor.work():
            executor.follow()
        assert [each.status for each in at.all().values()] == ["parked", "done", "done"]


def test_a_lane_that_goes_on_failing_rests_ever_longer_and_wakes_when_it_works(
    database_url: str,
) -> None:
    down = [EffectFailed("it is down") for _ in range(5)]
    effect, clock = Noted(*down), Clock()
    with workshop(database_url, clock, effect) as at:
        reactor = at.reactor()
        at.append(*(each for number in range(9) for each in sold(number)))
        reactor.follow()
        executor, tried = at.executor(), list[float]()
        for _ in range(200):
            while executor.work():
                tried.append((clock() - START).total_seconds())
            clock.turn(timedelta(seconds=1))

    assert tried == [0, 10, 30, 70, 130, 190, 190, 190, 190], "each thing is tried once"


def test_what_is_due_at_the_same_moment_is_done_in_the_order_it_happened(
    database_url: str,
) -> None:
    effect = Noted()
    with workshop(database_url, Clock(), effect) as at:
        at.reactor()
        at.append(*sold(9), *sold(10), *sold(2))
        at.react()

        assert [each.id.rpartition("_")[2] for each in effect.tasks] == ["9", "10", "2"]
