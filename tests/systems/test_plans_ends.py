"""When plans end: with the time Stripe was paid for, or when somebody who gave them says so."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.systems.calling import Json
from tests.systems.customers import DECLINED_LATER, Customer
from tests.systems.installation import Installation
from tests.systems.plans import (
    PREMIUM,
    STARTER,
    TO_STARTER,
    active,
    held,
    may,
    offers,
    paid_until,
    period_end,
    reason,
    renews_in_vain,
    subscriptions,
    upgraded,
)

GRACE = timedelta(days=7)
ITEMS, TOP_LEVEL = "2025-09-30.clover", "2022-11-15"
"""API versions that tell the paid period with each item, and with the subscription."""


@pytest.fixture(scope="module", autouse=True)
def premium(house: Installation) -> Json:
    """For 19 dollars a month, beside the free plan, and the same by the week and by the year."""
    offers(house, "starter", 0)
    offers(house, "weekly", 500, "week")
    offers(house, "yearly", 19_000, "year")
    return offers(house, "premium", 1900)


# ---- from what was paid for ----------------------------------------------------------------------


@pytest.mark.parametrize("version", [ITEMS, TOP_LEVEL])
@pytest.mark.parametrize("plan", ["weekly", "premium", "yearly"])
def test_a_plan_is_paid_until_the_end_of_stripes_period_wherever_that_is_told(
    house: Installation, ann: Customer, version: str, plan: str
) -> None:
    house.days_pass(1)
    with house.mishaps(api_version=version):
        upgraded(ann, plan)

    assert paid_until(ann, f"plan:{plan}") == period_end(ann)
    [seen] = ann.finance("subscriptions")
    assert seen["current_period_end"] == period_end(ann)
    [row] = [each for each in ann.finance("entitlements") if each["feature"] == f"plan:{plan}"]
    assert row["ends_at"] == period_end(ann) + GRACE


def test_each_renewal_extends_it_by_stripes_next_period(house: Installation, ann: Customer) -> None:
    upgraded(ann)
    ends = [paid_until(ann)]

    for _ in range(3):
        house.days_pass((ends[-1] - house.now()) / timedelta(days=1) + 0.5)
        ends.append(paid_until(ann))
        assert ends[-1] == period_end(ann)
        assert may(ann) == (False, True)

    assert {end.day for end in ends} == {ends[0].day} or ends[0].day > 28
    assert all(27 < (after - before).days < 32 for before, after in pairwise(ends))


def test_a_week_that_is_not_renewed_is_over_after_its_grace_and_not_after_a_month(
    house: Installation, ann: Customer
) -> None:
    house.days_pass(1)
    upgraded(ann, "weekly")
    house.days_pass(1)
    ann.saves_card(DECLINED_LATER)

    house.days_pass(6 + 6)
    kept = ann.may_use("plan:weekly")
    house.days_pass(2)

    assert (kept, ann.may_use("plan:weekly")) == (True, False)


def test_a_year_that_is_paid_is_not_over_after_a_month(house: Installation, ann: Customer) -> None:
    upgraded(ann, "yearly")

    house.days_pass(31 + 8)

    assert ann.may_use("plan:yearly")
    assert reason(ann, "plan:yearly") == "paid"


def test_canceled_at_the_end_of_its_period_it_is_kept_until_then_and_no_longer(
    house: Installation, ann: Customer
) -> None:
    changed = upgraded(ann)
    ann.call(f"POST subscriptions/{changed['id']}/cancel", {"at_period_end": True})
    house.settle()
    left = (paid_until(ann) - house.now()) / timedelta(days=1)

    house.days_pass(left - 0.5)
    before = may(ann)
    house.days_pass(1)

    assert (before, may(ann)) == ((False, True), (False, False))
    assert reason(ann) == "canceled"
    assert subscriptions(ann)[0]["status"] == "canceled"
    assert held(ann)[-1] == ("premium", False)


def test_a_cancellation_that_is_taken_back_lets_it_go_on(
    house: Installation, ann: Customer
) -> None:
    changed = upgraded(ann)
    ann.call(f"POST subscriptions/{changed['id']}/cancel", {"at_period_end": True})
    house.settle()
    ann.call(f"POST subscriptions/{changed['id']}/resume")

    house.days_pass(33)

    assert may(ann) == (False, True)
    assert paid_until(ann) == period_end(ann)


def test_who_cancelled_and_then_chooses_a_plan_goes_on_with_it(
    house: Installation, ann: Customer
) -> None:
    changed = upgraded(ann)
    ann.call(f"POST subscriptions/{changed['id']}/cancel", {"at_period_end": True})
    house.settle()

    chosen = ann.call("PUT plan", TO_STARTER)
    house.days_pass(33)

    assert chosen["cancel_at"] is None
    assert may(ann) == (True, False)
    assert held(ann)[-1] == ("starter", True)


def test_a_renewal_that_stripe_tells_late_is_grace_and_no_loss(
    house: Installation, ann: Customer
) -> None:
    upgraded(ann)
    days = (paid_until(ann) - house.now()) / timedelta(days=1) + 3
    before = paid_until(ann)
    with house.mishaps(drop=999):
        house.days_pass(days)
    assert (may(ann), reason(ann)) == ((False, True), "grace")
    assert paid_until(ann) == before

    fetched = house.run("backfill")
    assert fetched.exit_code == 0, fetched.output
    house.settle()

    assert (may(ann), reason(ann)) == ((False, True), "paid")
    assert paid_until(ann) == period_end(ann) > before


def test_a_past_of_short_and_long_plans_is_the_same_when_it_is_read_again(
    house: Installation, ann: Customer, nobody: Customer
) -> None:
    """One user by the week, then by the year; another who was not renewed; all told twice."""
    with house.mishaps(duplicate=999):
        upgraded(ann, "weekly")
        house.days_pass(16)
        ann.call("PUT plan", {"plan_id": "yearly"})
        house.settle()
        nobody.registers()
        upgraded(nobody)
        renews_in_vain(nobody)
    ends = (paid_until(ann, "plan:yearly"), paid_until(nobody))
    assert ends[0] == period_end(ann)
    before = [each.finance(view) for each in (ann, nobody) for view in VIEWS]

    for again in (("rebuild", "--json"), ("reobserve",)):  # of our events, of Stripe's webhooks
        result = house.run(*again)
        assert result.exit_code == 0, result.output

    assert [each.finance(view) for each in (ann, nobody) for view in VIEWS] == before
    assert active(ann) == ["plan:yearly"]
    assert ends[0] - house.now() > timedelta(days=300)


VIEWS = ("entitlements", "plan_periods", "subscriptions", "invoices")


# ---- by hand -------------------------------------------------------------------------------------


def test_premium_given_by_hand_is_a_fact_that_reading_again_and_reconciling_keep(
    house: Installation, ann: Customer
) -> None:
    until = (house.now() + timedelta(days=400)).isoformat()
    given = {"features": [PREMIUM], "until": until, "reason": "speaks at our meetup"}
    grant_id = house.new_id("guest-")
    for _ in range(2):
        ann.call(f"PUT grants/{grant_id}", given)
    house.settle()
    assert [each["status"] for each in subscriptions(ann)] == ["active"]  # Starter, as before
    assert (may(ann), reason(ann)) == ((True, True), "granted")
    assert "speaks at our meetup" in house.run("history", ann.user_id).output

    for again in (("rebuild", "--json"), ("reobserve",), ("reconcile", "--repair", "--yes", "0")):
        result = house.run(*again)
        assert result.exit_code == 0, result.output
    house.days_pass(40)

    assert may(ann) == (True, True)
    [row] = [each for each in ann.finance("entitlements") if each["source_kind"] == "grant"]
    assert (row["feature"], row["note"]) == (PREMIUM, "speaks at our meetup")
    assert row["ends_at"].isoformat() == until


def test_premium_given_by_hand_ends_when_it_is_withdrawn_and_outlives_no_date(
    house: Installation, ann: Customer, nobody: Customer
) -> None:
    until = (house.now() + timedelta(days=3)).isoformat()
    given = {"features": [PREMIUM], "until": until, "reason": "a trial by hand"}
    for each in (ann, nobody):
        each.call(f"PUT grants/by-hand-{each.user_id}", given)
    house.settle()

    ann.call(f"DELETE grants/by-hand-{ann.user_id}")
    house.settle()
    assert (may(ann), nobody.may_use(PREMIUM)) == ((True, False), True)
    house.days_pass(4)
    assert not nobody.may_use(PREMIUM)
    assert active(ann) == [STARTER]
