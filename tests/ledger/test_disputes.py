"""A dispute holds money while it is open, keeps it when it is lost, and returns it when won."""

from functools import reduce
from itertools import permutations

import pytest

from ledger.disputes import Disputes
from ledger.observations import Dispute, DisputeStatus
from ledger.snapshots import Snapshot
from tests.ledger.given import day, usd

Report = tuple[str, Snapshot[Dispute]]


def report(status: DisputeStatus, on: float, rank: int = 1, id_: str = "dp_1") -> Report:
    return id_, Snapshot(Dispute(usd(400), status), day(on), rank)


def merged(*reports: Report) -> Disputes:
    return reduce(lambda known, each: known.with_(*each), reports, Disputes())


@pytest.mark.parametrize(
    ("status", "disputed", "lost"),
    [("inquiry", 0, 0), ("open", 400, 0), ("won", 0, 0), ("lost", 400, 400)],
)
def test_money_is_held_while_open_and_gone_when_lost(
    status: DisputeStatus, disputed: int, lost: int
) -> None:
    disputes = merged(report(status, 1))

    assert (disputes.disputed_minor, disputes.lost_minor) == (disputed, lost)
    assert disputes.lost_at == (day(1) if lost else None)


def test_the_newest_report_counts_in_all_orders() -> None:
    reports = (report("inquiry", 1, 0), report("open", 2), report("won", 9, 2))

    assert len({repr(merged(*order)) for order in permutations(reports)}) == 1
    assert merged(*reports).disputed_minor == 0


def test_within_a_second_closing_is_the_last_word() -> None:
    reports = (report("open", 1, 0), report("open", 1, 1), report("lost", 1, 2))

    assert {merged(*order).lost_minor for order in permutations(reports)} == {400}


def test_it_was_lost_when_that_was_first_reported_however_often_it_is_repeated() -> None:
    reports = (report("open", 1, 0), report("lost", 5, 2), report("lost", 9, 1))

    assert {merged(*order).lost_at for order in permutations(reports)} == {day(5)}


def test_a_lost_dispute_that_is_won_on_appeal_takes_nothing() -> None:
    reports = (report("lost", 5, 2), report("won", 40, 2))

    results = [merged(*order) for order in permutations(reports)]

    assert [(each.disputed_minor, each.lost_at) for each in results] == [(0, None)] * 2


def test_disputes_of_one_payment_add_up_and_the_first_loss_tells_when() -> None:
    disputes = merged(
        report("lost", 8), report("lost", 6, id_="dp_2"), report("open", 9, id_="dp_3")
    )

    assert (disputes.disputed_minor, disputes.lost_minor) == (1200, 800)
    assert disputes.lost_at == day(6)


def test_a_report_that_is_known_changes_nothing() -> None:
    disputes = merged(report("open", 2))

    assert disputes.with_(*report("open", 2)) is disputes
    assert disputes.with_(*report("inquiry", 1)) is disputes
