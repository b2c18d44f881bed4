"""Whatever is appended in whatever order, the store does what a dictionary would."""

from itertools import count

from eventsourcing.persistence import StoredEvent
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from ledger.store.errors import AlreadyStored, PositionMoved
from ledger.store.log import LogReader
from ledger.store.positions import Fence
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import stored_event

Appended = tuple[str, int, bytes]

appended = st.tuples(st.sampled_from("ab"), st.integers(1, 4), st.binary(max_size=3))
batches = st.lists(appended, max_size=3)


class Store(RuleBasedStateMachine):
    """The recorder beside a dictionary of versions and a number for the position."""

    recorder: GroupCommitRecorder
    reader: LogReader
    examples = count()

    def __init__(self) -> None:
        super().__init__()
        self.tag = f"example {next(self.examples)} "
        self.begin = self.reader.head()
        self.events: dict[tuple[str, int], bytes] = {}
        self.position = 0

    @rule(batch=batches)
    def append(self, batch: list[Appended]) -> None:
        if self.fits(batch):
            assert len(self.recorder.insert_events(self.stored(batch))) == len(batch)
            self.keep(batch)
        else:
            self.refused(batch, None)

    @rule(batch=batches, expected=st.integers(0, 2), step=st.integers(0, 2))
    def follow(self, batch: list[Appended], expected: int, step: int) -> None:
        fence = Fence(self.tag, expected, expected + step)
        if self.fits(batch) and expected == self.position:
            self.recorder.insert_events(self.stored(batch), fence=fence)
            self.keep(batch)
            self.position += step
        else:
            self.refused(batch, fence)

    @invariant()
    def the_log_holds_what_was_kept_in_its_order(self) -> None:
        entries = self.reader.entries(self.begin)
        assert {(e[1], e[2]): e[4] for e in entries} == self.events
        assert [(e[1], e[2]) for e in entries] == list(self.events)
        assert self.reader.position(self.tag) == self.position

    def fits(self, batch: list[Appended]) -> bool:
        keys = [(self.tag + stream, version) for stream, version, _ in batch]
        return len(set(keys)) == len(keys) and self.events.keys().isdisjoint(keys)

    def stored(self, batch: list[Appended]) -> list[StoredEvent]:
        return [stored_event(self.tag + stream, version, state) for stream, version, state in batch]

    def keep(self, batch: list[Appended]) -> None:
        self.events |= {(self.tag + stream, version): state for stream, version, state in batch}

    def refused(self, batch: list[Appended], fence: Fence | None) -> None:
        try:
            self.recorder.insert_events(self.stored(batch), fence=fence)
        except (AlreadyStored, PositionMoved):
            return
        raise AssertionError("it should have been refused")


def test_the_store_agrees_with_its_model(recorder: GroupCommitRecorder, reader: LogReader) -> None:
    class OnThisDatabase(Store):
        pass

    OnThisDatabase.recorder, OnThisDatabase.reader = recorder, reader
    run_state_machine_as_test(
        OnThisDatabase,
        settings=settings(
            max_examples=40, stateful_step_count=15, suppress_health_check=[HealthCheck.too_slow]
        ),
    )
