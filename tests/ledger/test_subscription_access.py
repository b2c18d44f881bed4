"""Until when a subscription gives access: every rule alone, at its boundary, and against others."""

from datetime import timedelta
from typing import Any

import pytest

from ledger.effects import Access, EndReason
from ledger.observations import Payer, Period, Plan
from ledger.policy import Coverage, Policy, TakenBack, paid_until, subscription_access
from tests.ledger.given import DAY, START, day

GRACE = Policy(grace=7 * DAY)
TRIAL = Period(day(0), day(14))


def plan(status: str = "active", **changes: Any) -> Plan:
    said: dict[str, Any] = {"features": ("plan:pro",), **changes}
    return Plan(status, Payer("ann", "cus_1"), START, **said)


def month(number: int, taken_back: TakenBack | None = None) -> Coverage:
    """The `number`-th thirty days, paid on their first."""
    return Coverage(day(30 * number), day(30 * number), day(30 * number + 30), taken_back)


def access(
    standing: Plan, *coverage: Coverage, as_of: float = 40, policy: Policy = GRACE
) -> Access | None:
    return subscription_access(standing, day(as_of), "ann", list(coverage), policy)


def end(
    standing: Plan, *coverage: Coverage, as_of: float = 40, policy: Policy = GRACE
) -> tuple[float | None, EndReason | None]:
    """In days after the start, and because of which fact."""
    given = access(standing, *coverage, as_of=as_of, policy=policy)
    assert given is not None
    ends_at = given.ends_at
    return (None if ends_at is None else (ends_at - START) / DAY), given.ended_because


def test_nothing_paid_and_no_trial_gives_no_access() -> None:
    for status in ("active", "incomplete", "past_due", "unpaid", "canceled", "paused"):
        assert access(plan(status)) is None


def test_a_trial_that_is_over_gives_none_by_itself() -> None:
    assert access(plan("past_due", trial=TRIAL)) is None


def test_a_plan_without_features_gives_no_access() -> None:
    assert access(plan(features=()), month(0)) is None


def test_paid_time_and_grace_are_given() -> None:
    assert access(plan(), month(0), month(1)) == Access(
        "ann", ("plan:pro",), granted_at=day(0), paid_until=day(60), ends_at=day(67)
    )


@pytest.mark.parametrize("status", ["active", "past_due", "incomplete"])
def test_paid_time_and_grace_end_it_whatever_the_dunning_says(status: str) -> None:
    assert end(plan(status), month(0)) == (37, None)


def test_without_grace_the_paid_time_is_all() -> None:
    assert end(plan(), month(0), policy=Policy(grace=timedelta())) == (30, None)


def test_a_trial_needs_no_invoice() -> None:
    assert access(plan("trialing", trial=TRIAL)) == Access(
        "ann", ("plan:pro",), granted_at=day(0), paid_until=day(14), ends_at=day(21), trial=True
    )


def test_what_is_paid_beyond_a_trial_counts() -> None:
    given = access(plan("trialing", trial=TRIAL), month(0))

    assert given is not None
    assert (given.paid_until, given.ends_at) == (day(30), day(37))


def test_an_ended_trial_still_tells_where_the_time_began_to_run_out() -> None:
    first = Coverage(day(0), day(0), day(3))

    assert end(plan("past_due", trial=TRIAL), first) == (21, None)


@pytest.mark.parametrize(("on", "ends"), [(20, 20), (30, 30), (36, 36), (37, 37), (60, 37)])
def test_a_set_end_holds_but_never_beyond_the_grace(on: float, ends: float) -> None:
    assert end(plan(cancel_at=day(on)), month(0))[0] == ends


def test_a_set_end_is_a_cancelation() -> None:
    assert end(plan(cancel_at=day(30)), month(0)) == (30, "canceled")
    assert end(plan(cancel_at=day(60)), month(0)) == (37, None)


@pytest.mark.parametrize("status", ["canceled", "incomplete_expired"])
def test_an_end_is_when_the_provider_says_it_was(status: str) -> None:
    assert end(plan(status, ended_at=day(12)), month(0)) == (12, status)
    assert end(plan(status), month(0), as_of=13) == (13, status)


def test_an_end_after_the_grace_changes_nothing() -> None:
    assert end(plan("canceled", ended_at=day(90)), month(0)) == (37, None)


@pytest.mark.parametrize("status", ["unpaid", "paused"])
def test_a_stop_counts_from_its_report_but_never_beyond_the_grace(status: str) -> None:
    assert end(plan(status), month(0), as_of=33) == (33, status)
    assert end(plan(status), month(0), as_of=50) == (37, None)


def test_the_earliest_of_several_ends_counts() -> None:
    both = plan("canceled", cancel_at=day(30), ended_at=day(12))

    assert end(both, month(0)) == (12, "canceled")


def test_a_refund_of_the_only_invoice_ends_access_at_once() -> None:
    refunded = month(0, TakenBack(day(10), "refunded"))

    assert end(plan(), refunded) == (10, "refunded")
    given = access(plan(), refunded)
    assert given is not None
    assert (given.granted_at, given.paid_until) == (day(0), None)


def test_a_refund_of_the_last_invoice_leaves_what_is_paid_before_it() -> None:
    refunded = month(1, TakenBack(day(20), "refunded"))

    assert end(plan(), month(0), refunded) == (30, "refunded")


def test_a_lost_dispute_after_the_rest_ran_out_ends_access_when_it_was_lost() -> None:
    lost = month(1, TakenBack(day(45), "dispute_lost"))

    assert end(plan(), month(0), lost) == (45, "dispute_lost")


def test_a_refund_of_an_earlier_invoice_ends_nothing() -> None:
    refunded = month(0, TakenBack(day(40), "refunded"))

    assert end(plan(), refunded, month(1)) == (67, None)


def test_of_two_invoices_for_the_same_time_one_that_stays_is_enough() -> None:
    refunded = month(0, TakenBack(day(5), "refunded"))

    for coverage in ((refunded, month(0)), (month(0), refunded)):
        assert end(plan(), *coverage) == (37, None)


def test_a_cancelation_before_the_refund_still_ends_it_first() -> None:
    refunded = month(0, TakenBack(day(20), "refunded"))

    assert end(plan("canceled", ended_at=day(12)), refunded) == (12, "canceled")


def test_paid_until_counts_only_what_stayed_paid() -> None:
    taken = TakenBack(day(1), "refunded")

    assert paid_until([]) is None
    assert paid_until([month(0, taken)]) is None
    assert paid_until([month(1), month(0), month(2, taken)]) == day(60)


def test_a_longer_cycle_that_a_shorter_one_took_the_place_of_is_no_longer_paid_for() -> None:
    year, week = Coverage(day(0), day(0), day(365)), Coverage(day(10), day(10), day(17))

    assert end(plan(period=Period(day(10), day(17))), year, week) == (24, None)
    assert end(plan("past_due", period=Period(day(17), day(24))), year, week) == (24, None)


def test_a_longer_cycle_that_a_trial_took_the_place_of_is_no_longer_paid_for() -> None:
    """As when a plan is back for the time its late bill pays for: the free year before is over."""
    bill, free_year = Coverage(day(12), day(0), day(30)), Coverage(day(10), day(10), day(375))
    back = Period(day(12), day(30))

    assert end(plan("trialing", trial=back, period=back), bill, free_year) == (37, None)
    renewed = Period(day(30), day(60))
    assert end(plan("past_due", trial=back, period=renewed), bill, free_year) == (37, None)


def test_a_shorter_cycle_beside_a_longer_one_takes_nothing_from_it() -> None:
    """Two items of one subscription, each with a cycle of its own."""
    year, week = Coverage(day(0), day(0), day(365)), Coverage(day(10), day(10), day(17))

    assert end(plan(period=Period(day(0), day(365))), year, week) == (372, None)


def test_a_shorter_cycle_that_was_paid_back_takes_nothing_from_a_longer_one() -> None:
    back = TakenBack(day(11), "refunded")
    year, week = Coverage(day(0), day(0), day(365)), Coverage(day(10), day(10), day(17), back)

    assert end(plan(period=Period(day(10), day(17))), year, week) == (372, None)
