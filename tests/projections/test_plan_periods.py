"""Periods of plans: all of them anew with each report, none left over."""

from ledger.aggregates.plan_holder import Held, HeldPeriod, PlanReported
from projections.plan_periods import PlanPeriod
from tests.projections.given import DAY, JAN_1, given, rows, standing

HOLDER = "plan_holder/stripe/live//ann"
STARTER = HeldPeriod("starter", "sub_1", JAN_1, JAN_1 + DAY)
PRO = HeldPeriod("pro", "sub_1", JAN_1 + DAY)


def reported(*periods: HeldPeriod, before: int = 0) -> PlanReported:
    held = standing(Held("pro"))
    return PlanReported(subscription_id="sub_1", standing=held, periods=periods, before=before)


def test_each_period_is_a_row() -> None:
    assert rows("plan_periods", *given(HOLDER, reported(STARTER, PRO))) == [
        PlanPeriod(
            stream=HOLDER,
            period=number,
            customer_id="ann",
            account="",
            plan_id=each.plan_id,
            subscription_id="sub_1",
            held_from=each.start,
            held_until=each.end,
        )
        for number, each in (("000001", STARTER), ("000002", PRO))
    ]


def test_a_late_report_may_leave_fewer_periods_than_there_were() -> None:
    whole = HeldPeriod("pro", "sub_1", JAN_1)

    (row,) = rows("plan_periods", *given(HOLDER, reported(STARTER, PRO), reported(whole, before=2)))

    assert isinstance(row, PlanPeriod)
    assert (row.plan_id, row.held_from, row.held_until) == ("pro", JAN_1, None)
