"""What went back of a payment is the same whatever the order of the reports."""

from functools import reduce
from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from ledger.observations import Refund, RefundStatus
from ledger.refunds import Refunds
from tests.ledger.given import day, usd

Report = tuple[str, Refund] | tuple[int, float]
"""One refund by its id, or the sum so far and when it was reported."""


def single(id_: str, minor: int, status: RefundStatus, on: float = 1) -> Report:
    return id_, Refund(usd(minor), status, day(on))


def merged(*reports: Report) -> Refunds:
    return reduce(_with, reports, Refunds())


def _with(refunds: Refunds, report: Report) -> Refunds:
    if isinstance(report[1], Refund):
        return refunds.with_(str(report[0]), report[1])
    return refunds.with_total(usd(int(report[0])), day(report[1]))


def test_nothing_reported_is_nothing_refunded() -> None:
    assert (Refunds().minor, Refunds().reached(1)) == (0, None)


def test_only_what_succeeded_counts() -> None:
    refunds = merged(
        single("re_1", 100, "succeeded"), single("re_2", 20, "pending"), single("re_3", 3, "failed")
    )

    assert refunds.minor == 100


def test_a_refund_that_fails_afterwards_counts_no_more_in_any_order() -> None:
    reports = (
        single("re_1", 100, "pending", 1),
        single("re_1", 100, "succeeded", 2),
        single("re_1", 100, "failed", 3),
    )

    assert {merged(*order).minor for order in permutations(reports)} == {0}


def test_the_newest_sum_alone_is_believed() -> None:
    reports = ((300, 1), (500, 2), (400, 2))

    results = {(merged(*o).minor, merged(*o).reached(500)) for o in permutations(reports)}

    assert results == {(500, day(2))}
    assert merged(*reports, (300, 3)).minor == 300


def test_a_sum_leaves_out_what_had_failed_before_it() -> None:
    reports = ((100, 1), single("re_1", 100, "failed", 3), (100, 7))

    results = {(merged(*o).minor, merged(*o).reached(100)) for o in permutations(reports)}

    assert results == {(100, day(7))}


def test_the_sum_and_its_single_refunds_are_the_same_money() -> None:
    reports = ((500, 2), single("re_1", 300, "succeeded", 1), single("re_2", 200, "succeeded", 2))

    assert {merged(*order).minor for order in permutations(reports)} == {500}


def test_the_sum_does_not_count_what_is_pending_or_failed() -> None:
    assert merged((500, 1), single("re_1", 500, "pending")).minor == 0
    assert merged((500, 1), single("re_1", 200, "failed")).minor == 300


def test_the_time_is_that_of_the_refund_that_reached_the_amount() -> None:
    refunds = merged(
        single("re_2", 60, "succeeded", 5),
        single("re_1", 40, "succeeded", 2),
        single("re_3", 10, "succeeded", 9),
    )

    assert refunds.reached(40) == day(2)
    assert refunds.reached(100) == day(5)
    assert refunds.reached(111) is None


def test_a_second_full_refund_counts_from_itself_when_the_first_one_failed() -> None:
    reports = (
        (100, 1),
        single("re_1", 100, "succeeded", 1),
        single("re_1", 100, "failed", 3),
        single("re_2", 100, "succeeded", 7),
    )

    results = {(merged(*o).minor, merged(*o).reached(100)) for o in permutations(reports)}

    assert results == {(100, day(7))}


def test_a_report_that_says_nothing_new_changes_nothing() -> None:
    refunds = merged(single("re_1", 100, "succeeded", 2), (100, 2))

    for report in (single("re_1", 100, "pending", 1), single("re_1", 100, "succeeded", 3)):
        assert _with(refunds, report) is refunds
    for total, on in ((100, 1), (50, 2), (0, 3)):
        assert _with(refunds, (total, on)) is refunds


statuses: st.SearchStrategy[RefundStatus] = st.sampled_from(["pending", "succeeded", "failed"])
amounts = {"re_1": 100, "re_2": 250, "re_3": 7}
singles = st.builds(
    lambda id_, status, on: single(id_, amounts[id_], status, on),
    st.sampled_from(sorted(amounts)),
    statuses,
    st.integers(0, 5),
)
totals = st.tuples(st.integers(0, 400), st.integers(0, 5))


@given(st.lists(singles | totals, max_size=8), st.data())
def test_any_order_and_any_repetition_give_the_same(
    seen: list[Report], data: st.DataObject
) -> None:
    again = data.draw(st.lists(st.sampled_from(seen), max_size=4)) if seen else []
    other = data.draw(st.permutations([*seen, *again]))

    assert merged(*other) == merged(*seen)


def test_of_two_reports_that_contradict_each_other_the_larger_counts_in_any_order() -> None:
    reports = (single("re_1", 100, "succeeded"), single("re_1", 70, "succeeded"))

    assert {merged(*order).minor for order in permutations(reports)} == {100}
