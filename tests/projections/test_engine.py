"""The engine: what it listens to, and folding until a position or a moment."""

from datetime import datetime

from ledger.aggregates.bookkeeping import Refused
from ledger.aggregates.credit_wallet import Spent, Totals
from ledger.event import Cause, Event
from projections.balances import Balance
from projections.engine import Folding, Reader, fold_until
from projections.registry import PROJECTIONS
from tests.projections.given import DAY, JAN_1, WALLET, Log, given, records


def spending(times: int) -> list[Event]:
    """A wallet that spends one credit a day."""
    return given(
        WALLET,
        *(Spent(key=f"k{n}", credits=1, totals=Totals(10, n)) for n in range(1, times + 1)),
    )


def spent(log: Reader, position: int | None = None, recorded_by: datetime | None = None) -> int:
    (row,) = fold_until(log, PROJECTIONS, position, recorded_by)["balances"].values()
    assert isinstance(row, Balance)
    return row.spent


def test_everything_is_folded_when_no_bound_is_set() -> None:
    assert spent(Log(spending(5))) == 5


def test_folding_ends_at_a_position() -> None:
    assert spent(Log(spending(5)), position=30) == 3


def test_folding_ends_with_what_was_recorded_by_a_moment() -> None:
    assert spent(Log(spending(5)), recorded_by=JAN_1 + 1 * DAY) == 2


def test_an_event_recorded_late_ends_the_history_we_had_then() -> None:
    first, late, third = spending(3)
    late = late.stamped(WALLET, 2, Cause("evt_1", JAN_1, JAN_1 + 9 * DAY))

    assert spent(Log([first, late, third]), recorded_by=JAN_1 + 5 * DAY) == 1


def test_topics_nobody_listens_to_are_not_even_decoded() -> None:
    folding = Folding(PROJECTIONS)

    folding.fold([(7, Refused.TOPIC, b"not JSON"), (9, "Of.AnotherRelease", b"")])

    assert folding.position == 9


def test_folding_goes_on_where_it_was() -> None:
    folding, log = Folding(PROJECTIONS), records(spending(4))

    folding.fold(log[:2])
    folding.fold(log[2:])

    assert folding.rows == fold_until(Log(spending(4)), PROJECTIONS)
