"""The fingerprint: the same for the same rows wherever they are, another for any other."""

from ledger.aggregates.bookkeeping import BatchKept, Entry
from ledger.aggregates.credit_wallet import Spent, Totals
from ledger.event import Event
from projections.engine import fold_until
from projections.fingerprint import current_fingerprint, fingerprint
from projections.registry import PROJECTIONS
from tests.projections.given import BOOKS, DAY, JAN_1, WALLET, Log, given
from tests.projections.ledger import NAMES, append, project, reading


def of(*events: Event) -> str:
    return fingerprint(fold_until(Log(events), PROJECTIONS))


def spent(credits: int, wallet: str = WALLET) -> list[Event]:
    return given(wallet, Spent(key="k", credits=credits, totals=Totals(99, credits)))


def received(day: int) -> list[Event]:
    entry = Entry("d/1", "evt_1", "t", "", JAN_1, JAN_1 + day * DAY, "applied")
    return given(BOOKS, BatchKept(entries=(entry,), inbox_position=1))


def test_it_is_the_same_in_memory_and_in_the_tables(tables_url: str) -> None:
    append(tables_url, [*spent(1), *spent(2, "wallet/stripe/live//é"), *received(1)])
    project(tables_url)

    with reading(tables_url) as reader:
        in_memory = fingerprint(fold_until(reader, PROJECTIONS))
        assert current_fingerprint(tables_url, NAMES) == (reader.head(), in_memory)


def test_it_does_not_depend_on_the_order_of_streams() -> None:
    other = spent(2, "wallet/stripe/live//user_2")

    assert of(*spent(1), *other) == of(*other, *spent(1))


def test_one_credit_more_is_another_fingerprint() -> None:
    assert of(*spent(1)) != of(*spent(2))


def test_what_arrival_decides_is_left_out() -> None:
    assert of(*spent(1), *received(1)) == of(*spent(1), *received(2)) == of(*spent(1))


def test_it_is_64_hexadecimal_digits() -> None:
    assert len(of()) == 64
    assert int(of(), 16)
