"""Leading and following without a database: nobody is stranded, whatever befalls the leader."""

from collections.abc import Callable, Sequence
from threading import Event, Thread

import pytest

from ledger.store.calls import Call
from ledger.store.errors import StoreUnavailable
from ledger.store.group import MOST_BYTES, Group
from ledger.store.patience import Patience
from tests.ledger.store.examples import stored_event
from tests.system.patience import LONGEST_SECONDS

Commit = Callable[[Sequence[Call]], None]


def a_call(stream: str, size_bytes: int = 2) -> Call:
    return Call([stored_event(stream, state=b"x" * size_bytes)], Patience(LONGEST_SECONDS))


def settle(batch: Sequence[Call]) -> None:
    for call in batch:
        call.positions = [1]


class FakeStore:
    """Commits batches by what `script` says, one entry a batch, then simply settles them.

    The first batch waits until `open` is set, so that others gather behind it.
    """

    def __init__(self, *script: Commit) -> None:
        self._script = [settle, *script]
        self.batches: list[list[str]] = []
        self.busy = Event()
        self.open = Event()

    def commit(self, batch: Sequence[Call], patience: Patience) -> None:
        self.batches.append([str(call.events[0].originator_id) for call in batch])
        if len(self.batches) == 1:
            self.busy.set()
            assert self.open.wait(LONGEST_SECONDS)
        (self._script.pop(0) if self._script else settle)(batch)


class Caller:
    """A thread that submits one call; `error` is what it met."""

    def __init__(self, group: Group, call: Call) -> None:
        self.error: BaseException | None = None
        self._thread = Thread(target=self._run, args=(group, call))
        self._thread.start()

    def _run(self, group: Group, call: Call) -> None:
        try:
            group.submit(call)
        except BaseException as error:  # noqa: BLE001 - an interrupt is just what is tried here
            self.error = error

    def finished(self) -> BaseException | None:
        self._thread.join(LONGEST_SECONDS)
        assert not self._thread.is_alive(), "stranded"
        return self.error


def gathered(store: FakeStore, group: Group, calls: Sequence[Call]) -> list[Caller]:
    """A first caller leads alone; `calls` wait behind it in their order."""
    callers = [Caller(group, a_call("first"))]
    assert store.busy.wait(LONGEST_SECONDS)
    for expected, call in enumerate(calls, start=1):
        callers.append(Caller(group, call))
        while group.waiting < expected:
            Event().wait(0.001)
    return callers


def test_those_who_wait_are_committed_together_in_their_order() -> None:
    store = FakeStore()
    group = Group(store.commit)

    callers = gathered(store, group, [a_call("a"), a_call("b"), a_call("c")])
    store.open.set()

    assert [caller.finished() for caller in callers] == [None] * 4
    assert store.batches == [["first"], ["a", "b", "c"]]


def test_calls_for_the_same_version_never_share_a_batch() -> None:
    store = FakeStore()
    group = Group(store.commit)

    callers = gathered(store, group, [a_call("a"), a_call("a"), a_call("b")])
    store.open.set()

    assert [caller.finished() for caller in callers] == [None] * 4
    assert store.batches == [["first"], ["a", "b"], ["a"]]


def test_a_batch_is_bounded_in_bytes() -> None:
    store = FakeStore()
    group = Group(store.commit)
    half = MOST_BYTES // 2

    callers = gathered(store, group, [a_call(name, size_bytes=half) for name in ("a", "b", "c")])
    store.open.set()

    assert [caller.finished() for caller in callers] == [None] * 4
    assert store.batches == [["first"], ["a"], ["b"], ["c"]]


def test_one_call_larger_than_the_bound_goes_alone() -> None:
    store = FakeStore()
    store.open.set()

    Group(store.commit).submit(a_call("large", size_bytes=2 * MOST_BYTES))

    assert store.batches == [["large"]]


@pytest.mark.parametrize("failure", [KeyboardInterrupt(), SystemExit(), MemoryError()])
def test_a_leader_that_is_interrupted_hands_its_followers_over(failure: BaseException) -> None:
    def interrupt(batch: Sequence[Call]) -> None:
        raise failure

    store = FakeStore(interrupt)
    group = Group(store.commit)

    callers = gathered(store, group, [a_call("a"), a_call("b"), a_call("c")])
    store.open.set()

    first, leader, *followers = [caller.finished() for caller in callers]
    assert first is None
    assert leader is failure
    assert followers == [None, None]
    assert store.batches == [["first"], ["a", "b", "c"], ["b", "c"]]


def test_what_an_interrupted_leader_had_settled_stays_settled() -> None:
    def settle_one_then_stop(batch: Sequence[Call]) -> None:
        settle(batch[1:2])
        raise KeyboardInterrupt

    store = FakeStore(settle_one_then_stop)
    group = Group(store.commit)

    callers = gathered(store, group, [a_call("a"), a_call("b"), a_call("c")])
    store.open.set()

    assert [type(caller.finished()) for caller in callers[2:]] == [type(None)] * 2
    assert store.batches[2:] == [["c"]]


def test_a_follower_waits_no_longer_than_its_limit_and_leaves_nothing_behind() -> None:
    store = FakeStore()
    group = Group(store.commit)
    impatient = a_call("impatient")

    callers = gathered(store, group, [impatient, a_call("patient")])
    impatient.patience.deadline = 0.0  # long over
    met = callers[1].finished()
    store.open.set()

    assert isinstance(met, StoreUnavailable)
    assert callers[2].finished() is None
    assert store.batches == [["first"], ["patient"]]


def test_a_leader_that_never_comes_back_loses_the_lead() -> None:
    store = FakeStore()
    group = Group(store.commit)
    lost = a_call("lost")
    caller = Caller(group, lost)
    assert store.busy.wait(LONGEST_SECONDS)

    lost.patience.deadline = 0.0  # long over

    assert group.submit(a_call("next")) == [1]
    store.open.set()
    assert caller.finished() is None
