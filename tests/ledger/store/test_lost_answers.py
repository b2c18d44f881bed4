"""A commit whose answer was lost is a success when tried again, never a false conflict."""

import psycopg
import pytest

from ledger.store.errors import AlreadyStored, PositionMoved, StoreUnavailable
from ledger.store.log import LogReader
from ledger.store.names import Names, append_lock
from ledger.store.positions import Fence
from tests.ledger.store.conftest import NewRecorder
from tests.ledger.store.examples import at_once, outcome, stored_event
from tests.ledger.store.proxy import Proxy


def test_the_stored_positions_are_found_again(
    database_url: str, new_recorder: NewRecorder, reader: LogReader
) -> None:
    with Proxy(database_url) as proxy:
        recorder = new_recorder(proxy.url)

        proxy.swallow_answer_to("evt_lost")
        positions = recorder.insert_events(
            [stored_event("evt_lost", 1), stored_event("evt_lost", 2)]
        )

        assert proxy.swallowed.is_set()
        assert [entry[:2] for entry in reader.entries(0)] == [(p, "evt_lost") for p in positions]


def test_everybody_in_the_group_is_answered(
    database_url: str, new_recorder: NewRecorder, reader: LogReader
) -> None:
    with Proxy(database_url) as proxy:
        recorder = new_recorder(proxy.url)

        proxy.swallow_answer_to("s7 ")
        positions = at_once(lambda n: recorder.insert_events([stored_event(f"s{n} ")]), range(32))

        assert proxy.swallowed.is_set()
        stored = {entry[1]: entry[0] for entry in reader.entries(0)}
        assert positions == [[stored[f"s{n} "]] for n in range(32)]


def test_a_real_conflict_stays_one(database_url: str, new_recorder: NewRecorder) -> None:
    with Proxy(database_url) as proxy:
        recorder = new_recorder(proxy.url)
        recorder.insert_events([stored_event("a", 1, b"theirs")])

        proxy.swallow_answer_to("ours")
        with pytest.raises(AlreadyStored):
            recorder.insert_events([stored_event("a", 1, b"ours")])

        assert proxy.swallowed.is_set()


def test_the_position_of_a_follower_is_found_again_too(
    database_url: str, new_recorder: NewRecorder, reader: LogReader
) -> None:
    with Proxy(database_url) as proxy:
        recorder = new_recorder(proxy.url)
        recorder.insert_events([stored_event("a", 1)], fence=Fence("books", 0, 1))

        proxy.swallow_answer_to("evt_lost")
        positions = recorder.insert_events(
            [stored_event("evt_lost", 1)], fence=Fence("books", 1, 2)
        )

        assert proxy.swallowed.is_set()
        assert [record[0] for record in reader.after(0)][1:] == positions
        assert reader.position("books") == 2


def test_another_followers_move_stays_a_refusal(
    database_url: str, new_recorder: NewRecorder
) -> None:
    with Proxy(database_url) as proxy:
        recorder = new_recorder(proxy.url)
        recorder.insert_events([stored_event("a", 1, b"theirs")], fence=Fence("books", 0, 1))

        proxy.swallow_answer_to("ours")
        with pytest.raises(PositionMoved):
            recorder.insert_events([stored_event("a", 1, b"ours")], fence=Fence("books", 0, 1))

        assert proxy.swallowed.is_set()


def test_a_killed_connection_is_replaced(database_url: str, new_recorder: NewRecorder) -> None:
    recorder = new_recorder()
    recorder.insert_events([stored_event("a", 1)])

    with psycopg.connect(database_url, autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    recorder.insert_events([stored_event("a", 2)])
    assert len(recorder.select_events("a")) == 2


def test_a_silent_server_is_given_up_in_time_by_everybody(
    database_url: str, new_recorder: NewRecorder
) -> None:
    with Proxy(database_url) as proxy:
        recorder = new_recorder(proxy.url)
        recorder.insert_events([stored_event("before")])
        recorder.datastore.limit_seconds = 0.5

        proxy.go_silent()
        outcomes = at_once(
            lambda n: outcome(lambda: recorder.insert_events([stored_event(f"s{n}")])), range(8)
        )

        assert outcomes == ["StoreUnavailable"] * 8
        with pytest.raises(StoreUnavailable):
            recorder.select_events("before")


def test_an_unreachable_server_is_given_up_in_time(
    database_url: str, new_recorder: NewRecorder
) -> None:
    with Proxy(database_url) as proxy:
        nobody_there = proxy.url
    recorder = new_recorder(nobody_there, limit_seconds=0.3)

    with pytest.raises(StoreUnavailable) as error:
        recorder.insert_events([stored_event("a")])

    assert error.value.limit_seconds == 0.3


def test_a_lock_nobody_lets_go_is_given_up_and_nothing_is_stored(
    database_url: str, new_recorder: NewRecorder, reader: LogReader
) -> None:
    recorder = new_recorder(limit_seconds=0.3)
    with psycopg.connect(database_url) as holder:
        holder.execute("SELECT pg_advisory_xact_lock(%s)", [append_lock(Names.ledger)])

        with pytest.raises(StoreUnavailable):
            recorder.insert_events([stored_event("a")])

    recorder.datastore.limit_seconds = 60.0
    recorder.insert_events([stored_event("b")])
    assert [entry[1] for entry in reader.entries(0)] == ["b"]
