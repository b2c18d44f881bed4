"""Reading in order: pages, streams, the head, and where a follower stands."""

import psycopg
import pytest

from ledger.store.log import LogReader
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import TOPIC, stored_event


@pytest.fixture
def positions(recorder: GroupCommitRecorder) -> list[int]:
    """Seven events of stream `a`, versions 1 to 7."""
    states = [(version, str(version).encode()) for version in range(1, 8)]
    return list(recorder.insert_events([stored_event("a", v, state) for v, state in states]))


def test_an_empty_store_has_nothing_to_read(reader: LogReader) -> None:
    assert reader.head() == 0
    assert reader.after(0) == []
    assert list(reader.pages(0)) == []
    assert reader.streams([]) == []


def test_a_page_holds_what_comes_after_a_position(reader: LogReader, positions: list[int]) -> None:
    assert reader.after(positions[2], limit=2) == [
        (positions[3], TOPIC, b"4"),
        (positions[4], TOPIC, b"5"),
    ]
    assert [record[0] for record in reader.after(0, upto=positions[1])] == positions[:2]
    assert reader.head() == positions[-1]


def test_pages_follow_each_other_without_gap_or_overlap(
    reader: LogReader, positions: list[int]
) -> None:
    pages = list(reader.pages(0, size=3))

    assert [len(page) for page in pages] == [3, 3, 1]
    assert [record[0] for page in pages for record in page] == positions


def test_an_entry_names_its_stream_and_version(reader: LogReader, positions: list[int]) -> None:
    assert reader.entries(0, limit=1) == [(positions[0], "a", 1, TOPIC, b"1")]


def test_many_streams_come_in_one_reading_ordered_by_stream_and_version(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    recorder.insert_events([stored_event("b", 1), stored_event("a", 1), stored_event("c", 1)])
    recorder.insert_events([stored_event("a", 2)])

    found = reader.streams(["b", "a", "unknown"])

    assert [record[:2] for record in found] == [("a", 1), ("a", 2), ("b", 1)]


def test_what_is_known_is_told_without_reading_it(
    reader: LogReader, recorder: GroupCommitRecorder
) -> None:
    recorder.insert_events([stored_event("b", 1), stored_event("a", 1), stored_event("a", 2)])

    assert reader.known(["b", "unknown", "a"]) == {"a", "b"}
    assert reader.known([]) == set()


def test_streams_are_found_by_their_last_event(
    reader: LogReader, recorder: GroupCommitRecorder
) -> None:
    recorder.insert_events(
        [
            stored_event("b", 1, topic="Begun"),
            stored_event("a", 1, topic="Begun"),
            stored_event("c", 1, topic="Begun"),
            stored_event("a", 2, topic="Done"),
        ]
    )

    assert reader.ending_in(["Begun"]) == ["b", "c"]
    assert reader.ending_in(["Done", "Begun"]) == ["a", "b", "c"]
    assert reader.ending_in([]) == []
    assert reader.endings() == {"Begun": 2, "Done": 1}


def test_streams_are_found_newest_last_event_first_page_by_page(
    reader: LogReader, recorder: GroupCommitRecorder
) -> None:
    begun = [stored_event(each, 1, topic="Begun") for each in ("b", "a", "d", "c")]
    done = [stored_event(each, 2, topic="Done") for each in ("a", "b")]
    positions = recorder.insert_events([*begun, *done])

    assert reader.lately_ending_in(["Begun"], 9) == ["c", "d"]
    assert reader.lately_ending_in(["Done"], 1) == ["b"]
    assert reader.lately_ending_in(["Done", "Begun"], 9, before=positions[-1]) == ["a", "c", "d"]
    assert reader.lately_ending_in([], 9) == []


def test_events_after_a_position_are_counted(reader: LogReader, positions: list[int]) -> None:
    assert reader.count(0) == len(positions)
    assert reader.count(positions[0]) == len(positions) - 1
    assert reader.count(positions[-1]) == 0


def test_a_killed_connection_is_replaced(
    database_url: str, reader: LogReader, positions: list[int]
) -> None:
    reader.head()
    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert reader.head() == positions[-1]
