"""The engine: what it listens to, and folding until a position or a moment."""

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


def spent(log: Reader, position: int | None = None) -> int:
    (row,) = fold_until(log, PROJECTIONS, position)["balances"].values()
    assert isinstance(row, Balance)
    return row.spent


def test_everything_is_folded_when_no_bound_is_set() -> None:
    assert spent(Log(spending(5))) == 5


def test_folding_ends_at_a_position() -> None:
    assert spent(Log(spending(5)), position=30) == 3


def test_what_took_effect_by_a_moment_is_folded_in_recorded_order() -> None:
    events = [
        event.stamped(WALLET, n, Cause("evt_1", JAN_1 + days * DAY, JAN_1 + n * DAY))
        for n, (event, days) in enumerate(zip(spending(4), (0, 9, 1, 2), strict=True), 1)
    ]
    folding = Folding(PROJECTIONS)

    folding.fold_effective_by(records(events)[:2], JAN_1 + 2 * DAY)
    folding.fold_effective_by(records(events)[2:], JAN_1 + 1 * DAY)

    (row,) = folding.rows["balances"].values()
    assert isinstance(row, Balance)
    assert row.spent == 3
    assert folding.position == 40


def test_topics_nobody_listens_to_are_not_even_decoded() -> None:
    folding = Folding(PROJECTIONS)

    folding.fold([(7, Refused.TOPIC, b"not JSON"), (9, "Of.AnotherRelease", b"")])

    assert folding.position == 9


def test_folding_goes_on_where_it_was() -> None:
    folding, log = Folding(PROJECTIONS), records(spending(4))

    folding.fold(log[:2])
    folding.fold(log[2:])

    assert folding.rows == fold_until(Log(spending(4)), PROJECTIONS)
