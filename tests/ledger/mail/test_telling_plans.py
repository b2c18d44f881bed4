"""What is told of a subscription that is come upon late, or goes back and forth."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from ledger.aggregates.subscription import Changed, Ended, Started, StatusChanged
from ledger.observations import Period
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import day
from tests.ledger.mail.given import Life
from tests.ledger.mail.test_sending import bought
from tests.ledger.mail.test_telling import SUBSCRIPTION, plan

LONG_AGO = day(-300)


def as_of(standing: Newest[Any], at: datetime, prior: Newest[Any] | None = None) -> Newest[Any]:
    """A report of a later second, which may say how it stood just before."""
    return Newest((Snapshot(standing.state, at, prior=prior.state if prior else None),))


def kinds(ids: list[str]) -> list[str]:
    return [each.partition(":")[0].removeprefix("mail.") for each in ids]


def test_one_that_runs_for_long_and_is_reported_first_now_is_no_news(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    old = plan(period=Period(day(-1), day(2)), started_at=LONG_AGO)

    assert kinds(life.happen(SUBSCRIPTION, Started(standing=old))) == ["subscription_started"]

    assert life.send("mail.subscription_started:sub_1") == "it is too long ago to be told"


def test_one_that_was_not_paid_for_long_and_runs_again_has_not_begun(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    life.happen(SUBSCRIPTION, Started(standing=plan("past_due", started_at=LONG_AGO)))

    life.happen(SUBSCRIPTION, StatusChanged(standing=plan(started_at=LONG_AGO)))

    assert life.send("mail.subscription_started:sub_1") == "it is too long ago to be told"


def test_one_whose_beginning_was_reported_begins_now_whatever_its_date_says() -> None:
    life = Life()
    born = Newest((Snapshot(plan("incomplete", started_at=LONG_AGO).state, day(0), born=True),))
    life.happen(SUBSCRIPTION, Started(standing=born))

    life.happen(SUBSCRIPTION, StatusChanged(standing=plan(started_at=LONG_AGO)))

    intent = life.intents["reaction/stripe/test//mail.subscription_started:sub_1"]
    assert intent.data["at"] == "2026-09-01T12:00:00Z"


def test_what_is_changed_or_cancelled_is_told_even_if_nothing_was_known_before() -> None:
    before = plan(started_at=LONG_AGO)
    changed = as_of(plan(plan_id="team", started_at=LONG_AGO), day(0), before)
    cancelled = as_of(plan(cancel_at=day(30), started_at=LONG_AGO), day(0), before)

    told = Life().happen(SUBSCRIPTION, Started(standing=changed))
    assert "subscription_changed" in kinds(told)
    told = Life().happen(SUBSCRIPTION, Started(standing=cancelled))
    assert "subscription_cancelled" in kinds(told)


def test_an_end_is_told_even_if_it_is_all_that_is_reported() -> None:
    ended = plan("canceled", ended_at=day(0), started_at=LONG_AGO)
    tried = plan("canceled", ended_at=day(0), started_at=day(-0.5))
    trial = plan("canceled", ended_at=day(0), started_at=day(-0.5), trial=Period(day(-1), day(9)))

    assert kinds(Life().happen(SUBSCRIPTION, Ended(standing=ended))) == ["subscription_ended"]
    assert kinds(Life().happen(SUBSCRIPTION, Ended(standing=trial))) == ["subscription_ended"]
    assert Life().happen(SUBSCRIPTION, Ended(standing=tried)) == [], "it may never have run"


def test_who_goes_back_and_forth_is_told_each_time_and_of_a_repeated_report_once() -> None:
    life = Life()
    life.happen(SUBSCRIPTION, Started(standing=plan()))
    there = Changed(standing=as_of(plan(plan_id="team"), day(1)))
    back = Changed(standing=as_of(plan(), day(2)))
    again = Changed(standing=as_of(plan(plan_id="team"), day(3)))

    assert kinds(life.happen(SUBSCRIPTION, there, back, again)) == ["subscription_changed"] * 3
    assert life.happen(SUBSCRIPTION, back, again) == []


def test_who_cancels_takes_it_back_and_cancels_again_is_told_twice() -> None:
    life = Life()
    life.happen(SUBSCRIPTION, Started(standing=plan()))

    def cancelled(at: datetime) -> Changed:
        return Changed(standing=plan(cancel_at=day(30), canceled_at=at))

    told = life.happen(SUBSCRIPTION, cancelled(day(1)), Changed(standing=plan()), cancelled(day(2)))

    assert kinds(told) == ["subscription_cancelled"] * 2
