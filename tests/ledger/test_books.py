"""The books keep aggregates at hand, and put back exactly what an undone delivery touched."""

from collections.abc import Mapping, Sequence

from hypothesis import given
from hypothesis import strategies as st

from ledger.aggregates.credit_wallet import CreditWallet, Granted
from ledger.books import Books
from ledger.effects import Grant
from ledger.event import Event
from tests.ledger.given import why

ANN, BOB = "wallet/stripe/test//ann", "wallet/stripe/test//bob"


class Stored:
    """Streams as a store would give them, and what was asked for."""

    def __init__(self) -> None:
        self.streams: dict[str, list[Event]] = {}
        self.loads: list[list[str]] = []

    def __call__(self, streams: Sequence[str]) -> Mapping[str, Sequence[Event]]:
        self.loads.append(list(streams))
        return {each: self.streams[each] for each in streams if each in self.streams}

    def save(self, events: Sequence[Event]) -> None:
        for event in events:
            stream = self.streams.setdefault(event.originator_id, [])
            assert event.originator_version == len(stream) + 1
            stream.append(event)


def hold(books: Books, stream: str, credits: int, grant_id: str = "pi_1") -> None:
    books.get(CreditWallet, stream).hold(grant_id, Grant("x", credits), why())


def granted(books: Books, stream: str) -> int:
    return books.get(CreditWallet, stream).totals.granted


def test_an_aggregate_is_loaded_once_and_kept() -> None:
    stored = Stored()
    books = Books(stored)

    assert books.get(CreditWallet, ANN) is books.get(CreditWallet, ANN)
    assert stored.loads == [[ANN]]


def test_what_was_fetched_ahead_is_not_loaded_again() -> None:
    stored = Stored()
    books = Books(stored)

    books.fetch([ANN, BOB])
    books.get(CreditWallet, ANN)
    books.get(CreditWallet, BOB)

    assert stored.loads == [[ANN, BOB]]


def test_keep_tells_whether_anything_changed() -> None:
    books = Books(Stored())
    hold(books, ANN, 5)

    assert books.keep()
    hold(books, ANN, 5)
    assert not books.keep()
    assert not books.keep()


def test_undo_puts_back_what_was_touched_and_nothing_else() -> None:
    books = Books(Stored())
    hold(books, ANN, 5)
    books.keep()

    hold(books, ANN, 9)
    hold(books, BOB, 7)
    books.undo()

    assert (granted(books, ANN), granted(books, BOB)) == (5, 0)
    assert [event.originator_id for event in books.collect_events()] == [ANN]


def test_undo_leaves_what_the_store_has() -> None:
    stored = Stored()
    books = Books(stored)
    hold(books, ANN, 5)
    books.keep()
    stored.save(books.collect_events())

    hold(books, ANN, 9)
    books.undo()

    assert granted(books, ANN) == 5
    assert books.collect_events() == []


def test_events_are_handed_out_in_the_order_in_which_they_were_kept() -> None:
    books = Books(Stored())
    for stream, grant_id in ((ANN, "pi_1"), (BOB, "pi_2"), (ANN, "pi_3")):
        hold(books, stream, 5, grant_id)
        books.keep()

    grants = [each for each in books.collect_events() if isinstance(each, Granted)]
    assert [each.grant_id for each in grants] == ["pi_1", "pi_2", "pi_3"]


def test_what_was_collected_is_not_handed_out_again() -> None:
    books = Books(Stored())
    hold(books, ANN, 5)
    books.keep()

    assert len(books.collect_events()) == 1
    assert books.collect_events() == []


def test_what_was_not_kept_is_not_handed_out() -> None:
    books = Books(Stored())
    hold(books, ANN, 5)

    assert books.collect_events() == []


def test_forgetting_loads_everything_anew() -> None:
    stored = Stored()
    books = Books(stored)
    hold(books, ANN, 5)

    books.forget()

    assert granted(books, ANN) == 0
    assert stored.loads == [[ANN], [ANN]]


def test_only_so_many_aggregates_stay_at_hand() -> None:
    stored = Stored()
    books = Books(stored, at_hand=1)
    for stream in (ANN, BOB):
        hold(books, stream, 5)
    books.keep()
    stored.save(books.collect_events())

    stored.loads.clear()
    assert (granted(books, ANN), granted(books, BOB)) == (5, 5)
    assert stored.loads == [[ANN]]


deeds = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from([ANN, BOB]), st.integers(1, 9)), max_size=3),
        st.sampled_from(["keep", "undo", "store"]),
    ),
    max_size=12,
)


@given(deeds, st.integers(0, 3))
def test_any_mixture_of_keeping_and_undoing_ends_with_what_was_kept(
    story: list[tuple[list[tuple[str, int]], str]], at_hand: int
) -> None:
    stored, kept = Stored(), {ANN: 0, BOB: 0}
    books = Books(stored, at_hand)

    for changes, outcome in story:
        for stream, credits in changes:
            hold(books, stream, credits)
        if outcome == "undo":
            books.undo()
            continue
        kept.update(changes)
        books.keep()
        if outcome == "store":
            stored.save(books.collect_events())

    assert {stream: granted(books, stream) for stream in kept} == kept
    stored.save(books.collect_events())
    replayed = Books(stored)
    assert {stream: granted(replayed, stream) for stream in kept} == kept
