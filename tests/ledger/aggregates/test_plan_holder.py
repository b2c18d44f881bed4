"""Which plan held when: the same in any order of reports, and never two at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise, permutations

from hypothesis import given as examples
from hypothesis import strategies as st

from ledger.aggregates.plan_holder import HeldPeriod, PlanHolder, plan_told
from ledger.observations import Payer, Plan
from ledger.snapshots import Snapshot
from tests.ledger.given import day, given, why

Told = tuple[str, Snapshot[Plan]]


def report(
    sub: str, on: float, plan: str | None, status: str = "active", prior: Plan | None = None
) -> Told:
    return sub, Snapshot(state(plan, status), day(on), 1, prior)


def state(plan: str | None, status: str = "active") -> Plan:
    return Plan(status, Payer(user_id="ann"), day(0), plan_id=plan)


def told(*reports: Told) -> PlanHolder:
    holder = given(PlanHolder, "ann").aggregate
    for number, (sub, snapshot) in enumerate(reports):
        found = plan_told(snapshot)
        if found is not None:
            holder.observe(sub, found[1], why(snapshot.created, f"delivery/{number}"))
    return holder


def periods(*reports: Told) -> list[tuple[str, datetime, datetime | None]]:
    return [(each.plan_id, each.start, each.end) for each in told(*reports).periods]


def test_a_change_of_plan_ends_one_period_and_begins_the_next() -> None:
    assert periods(report("sub_1", 0, "starter"), report("sub_1", 3, "premium")) == [
        ("starter", day(0), day(3)),
        ("premium", day(3), None),
    ]


def test_an_older_report_that_comes_late_is_no_news_of_today() -> None:
    assert periods(report("sub_1", 3, "premium"), report("sub_1", 0, "starter")) == periods(
        report("sub_1", 0, "starter"), report("sub_1", 3, "premium")
    )


def test_what_is_over_is_brought_back_by_no_later_report() -> None:
    over = report("sub_1", 5, "premium", "canceled")
    reports = (report("sub_1", 0, "premium"), over, report("sub_1", 6, "premium"))

    assert {tuple(periods(*order)) for order in permutations(reports)} == {
        (("premium", day(0), day(5)),)
    }


def test_a_plan_holds_from_when_it_is_paid_until_it_is_no_longer() -> None:
    assert periods(
        report("sub_1", 0, "premium", "incomplete"),
        report("sub_1", 1, "premium"),
        report("sub_1", 31, "premium", "past_due"),
        report("sub_1", 40, "premium", "unpaid"),
        report("sub_1", 50, "premium"),
        report("sub_1", 60, "premium", "canceled"),
    ) == [("premium", day(1), day(40)), ("premium", day(50), day(60))]


def test_of_two_subscriptions_at_once_the_one_taken_up_last_holds() -> None:
    assert periods(
        report("sub_1", 0, "starter"),
        report("sub_2", 5, "premium"),
        report("sub_2", 9, "premium", "canceled"),
    ) == [
        ("starter", day(0), day(5)),
        ("premium", day(5), day(9)),
        ("starter", day(9), None),
    ]


def test_within_a_second_the_chain_of_changes_tells_which_is_last() -> None:
    first = report("sub_1", 0, "starter")
    second = report("sub_1", 0, "premium", prior=state("starter"))

    assert periods(first, second) == periods(second, first) == [("premium", day(0), None)]


def test_the_same_report_again_says_nothing_new() -> None:
    once = told(report("sub_1", 0, "starter"))
    twice = told(report("sub_1", 0, "starter"), report("sub_1", 0, "starter"))

    assert once.version == twice.version == 1


def test_a_subscription_that_is_nobodys_plan_is_not_heard() -> None:
    of_nobody = Plan("active", Payer(), day(0), plan_id="starter")

    assert plan_told(Snapshot(state(None), day(0))) is None
    assert plan_told(Snapshot(of_nobody, day(0))) is None


reports = st.lists(
    st.builds(
        report,
        st.sampled_from(["sub_1", "sub_2", "sub_3"]),
        st.integers(0, 9),
        st.sampled_from(["starter", "premium"]),
        st.sampled_from(["active", "canceled", "trialing", "unpaid"]),
    ),
    max_size=8,
)


@examples(st.data(), reports)
def test_in_any_order_the_same_plans_hold_and_never_two(
    data: st.DataObject, all_: list[Told]
) -> None:
    one, other = told(*all_), told(*data.draw(st.permutations(all_)))

    assert one.periods == other.periods
    assert all(_follows(*pair) for pair in pairwise(one.periods))


def _follows(before: HeldPeriod, after: HeldPeriod) -> bool:
    """The first lasts a while, and is over when the next begins."""
    return (
        before.end is not None
        and before.start < before.end <= after.start
        and after.start - before.start > timedelta(0)
    )
