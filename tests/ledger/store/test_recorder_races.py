"""Many callers at once: one winner for each version, and nobody pays for a neighbour."""

from collections import Counter
from random import Random

from ledger.store.log import LogReader
from ledger.store.positions import Fence
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import at_once, outcome, stored_event

CALLERS = 64
IDS = 60


def test_of_many_callers_with_the_same_ids_one_wins_each_whole(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    def deliver_all(caller: int) -> set[int]:
        """Each call brings an event of its own along, which must share its fate."""
        ids = list(range(IDS))
        Random(caller).shuffle(ids)
        return {
            each
            for each in ids
            if outcome(
                lambda: recorder.insert_events(
                    [stored_event(f"evt_{each}"), stored_event(f"own {each} of {caller}")]  # noqa: B023 - called at once
                )
            )
            == "stored"
        }

    won = at_once(deliver_all, range(CALLERS))

    assert sorted(each for ids in won for each in ids) == list(range(IDS))
    own = {f"own {each} of {caller}" for caller, ids in enumerate(won) for each in ids}
    streams = [entry[1] for entry in reader.entries(0, limit=10_000)]
    assert sorted(streams) == sorted(own | {f"evt_{each}" for each in range(IDS)})


def test_poison_harms_no_neighbour(recorder: GroupCommitRecorder, reader: LogReader) -> None:
    def append(caller: int) -> str:
        topic = "zero\0byte" if caller % 8 == 0 else "fine"
        return outcome(lambda: recorder.insert_events([stored_event(f"s{caller}", topic=topic)]))

    outcomes = Counter(at_once(append, range(CALLERS)))

    assert outcomes == {"stored": 56, "DataError": 8}
    assert len(reader.after(0)) == 56


def test_a_bug_in_one_caller_harms_no_neighbour(recorder: GroupCommitRecorder) -> None:
    def append(caller: int) -> str:
        state = "no bytes" if caller % 8 == 0 else b"fine"
        event = stored_event(f"s{caller}", state=state)  # type: ignore[arg-type]  # the bug
        return outcome(lambda: recorder.insert_events([event]))

    assert Counter(at_once(append, range(CALLERS))) == {"stored": 56, "TypeError": 8}


def test_of_many_who_saw_the_same_version_one_goes_on(recorder: GroupCommitRecorder) -> None:
    recorder.insert_events([stored_event("a", 1)])

    def append(caller: int) -> str:
        state = str(caller).encode()
        events = [stored_event("a", 2, state), stored_event("a", 3, state)]
        return outcome(lambda: recorder.insert_events(events))

    outcomes = Counter(at_once(append, range(CALLERS)))

    assert outcomes == {"stored": 1, "AlreadyStored": CALLERS - 1}
    _, second, third = recorder.select_events("a")
    assert second.state == third.state


def test_of_many_followers_at_the_same_position_one_goes_on(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    def follow(caller: int) -> str:
        events = [stored_event(f"s{caller}")]
        return outcome(lambda: recorder.insert_events(events, fence=Fence("books", 0, 5)))

    outcomes = Counter(at_once(follow, range(16)))

    assert outcomes == {"stored": 1, "PositionMoved": 15}
    assert len(reader.after(0)) == 1
    assert reader.position("books") == 5
