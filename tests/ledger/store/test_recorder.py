"""Appending: positions in order, all or nothing, and a named refusal for everything else."""

from random import Random

import pytest
from eventsourcing.persistence import DataError, IntegrityError, StoredEvent

from ledger.store.errors import AlreadyStored, PositionMoved
from ledger.store.log import LogReader
from ledger.store.positions import Fence, InvalidFence, Rewind
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import stored_event


def test_events_get_ascending_positions_in_their_order(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    events = [stored_event("b", 1), stored_event("a", 1), stored_event("a", 2)]

    positions = recorder.insert_events(events)

    entries = reader.entries(0)
    assert [entry[0] for entry in entries] == list(positions) == sorted(positions)
    assert [entry[1:3] for entry in entries] == [("b", 1), ("a", 1), ("a", 2)]


def test_a_stream_is_read_back_as_it_was_stored(recorder: GroupCommitRecorder) -> None:
    events = [stored_event("a", 1, bytes(range(256))), stored_event("a", 2, b"")]

    recorder.insert_events(events)

    assert recorder.select_events("a") == events
    assert recorder.select_events("a", gt=1) == events[1:]
    assert recorder.select_events("a", desc=True, limit=1) == events[1:]


def test_the_log_can_be_read_through_the_library_too(recorder: GroupCommitRecorder) -> None:
    first, second = recorder.insert_events([stored_event("a", 1), stored_event("a", 2)])

    assert [n.id for n in recorder.select_notifications(first, 10)] == [first, second]
    assert recorder.max_notification_id() == second


def test_nothing_to_store_is_stored_at_once(recorder: GroupCommitRecorder) -> None:
    assert recorder.insert_events([]) == []


def test_a_taken_version_refuses_all_events_of_the_call(recorder: GroupCommitRecorder) -> None:
    recorder.insert_events([stored_event("a", 1)])

    with pytest.raises(AlreadyStored) as refusal:
        recorder.insert_events([stored_event("new", 1), stored_event("a", 1)])

    assert isinstance(refusal.value, IntegrityError)
    assert recorder.select_events("new") == []


def test_the_same_content_again_is_a_duplicate_all_the_same(recorder: GroupCommitRecorder) -> None:
    event = stored_event("a", 1)
    recorder.insert_events([event])

    with pytest.raises(AlreadyStored):
        recorder.insert_events([event])


def test_one_call_cannot_use_a_version_twice(recorder: GroupCommitRecorder) -> None:
    with pytest.raises(AlreadyStored):
        recorder.insert_events([stored_event("a", 1), stored_event("a", 1)])


@pytest.mark.parametrize(
    "event",
    [
        stored_event("zero\0byte"),
        stored_event("a", topic="zero\0byte"),
        stored_event("a", version=2**63),
        stored_event(Random(1).randbytes(3000).hex()),  # longer than an index takes
    ],
)
def test_what_postgres_cannot_hold_is_a_data_error(
    recorder: GroupCommitRecorder, event: StoredEvent
) -> None:
    with pytest.raises(DataError):
        recorder.insert_events([event])


def test_an_argument_that_would_be_lost_is_refused(recorder: GroupCommitRecorder) -> None:
    with pytest.raises(TypeError, match="tracking"):
        recorder.insert_events([stored_event("a")], tracking=object())


def test_a_fence_moves_the_position_together_with_the_events(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    recorder.insert_events([stored_event("a", 1)], fence=Fence("books", 0, 7))
    recorder.insert_events([], fence=Fence("books", 7, 9))

    assert reader.position("books") == 9
    assert reader.position("never saved") == 0


def test_a_moved_position_refuses_the_events(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    recorder.insert_events([], fence=Fence("books", 0, 7))

    with pytest.raises(PositionMoved) as refusal:
        recorder.insert_events([stored_event("a", 1)], fence=Fence("books", 0, 8))

    assert (refusal.value.expected, refusal.value.found) == (0, 7)
    assert reader.position("books") == 7
    assert reader.head() == 0


def test_a_taken_version_leaves_the_position_where_it_was(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    recorder.insert_events([stored_event("a", 1)])

    with pytest.raises(AlreadyStored):
        recorder.insert_events([stored_event("a", 1)], fence=Fence("books", 0, 7))

    assert reader.position("books") == 0


def test_what_postgres_cannot_hold_leaves_the_position_too(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    with pytest.raises(DataError):
        recorder.insert_events([stored_event("zero\0byte")], fence=Fence("books", 0, 7))

    assert reader.position("books") == 0


def test_a_position_never_goes_back() -> None:
    with pytest.raises(InvalidFence):
        Fence("books", 7, 6)


def test_a_position_goes_back_on_purpose_and_its_follower_is_refused(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    recorder.insert_events([], fence=Fence("books", 0, 7))

    recorder.insert_events([stored_event("a", 1)], fence=Rewind("books", 7, 3))

    assert reader.position("books") == 3
    with pytest.raises(PositionMoved):
        recorder.insert_events([stored_event("b", 1)], fence=Fence("books", 7, 8))
    with pytest.raises(InvalidFence):
        Rewind("books", 3, -1)
