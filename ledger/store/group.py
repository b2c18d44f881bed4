"""Calls that wait together are committed together: one of them leads, the others follow."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from queue import Empty
from threading import Lock

from ledger.store.calls import Call, Key
from ledger.store.patience import Patience

MOST_EVENTS = 2_000
MOST_BYTES = 8 * 1024 * 1024
_LEASE_SECONDS = 1.0  # a leader this long past its own deadline has lost its lead
_LOOK_AGAIN_SECONDS = 0.5


class Group:
    """Needs no thread of its own: whoever finds nobody leading commits for all who wait.

    `commit(batch, patience)` settles every call, or raises: then the leader's caller meets the
    error, and what was left unsettled is tried again by the next leader. Leading ends with the
    leader's own deadline, so that a leader which never comes back (an interrupt) strands nobody.
    """

    def __init__(self, commit: Callable[[Sequence[Call], Patience], None]) -> None:
        self._commit = commit
        self._mutex = Lock()
        self._waiting: deque[Call] = deque()
        self._leader: Call | None = None

    @property
    def waiting(self) -> int:
        """How many calls wait for the next batch."""
        return len(self._waiting)

    def submit(self, call: Call) -> Sequence[int]:
        """Returns when the call is settled. Raises its error, or StoreUnavailable in time."""
        try:
            with self._mutex:
                self._waiting.append(call)
            while not call.settled:
                call.patience.check()
                if not self._lead(call):
                    self._follow(call)
        finally:
            if not call.settled:
                self._leave(call)
        return call.result()

    def _lead(self, call: Call) -> bool:
        batch: list[Call] = []
        try:
            with self._mutex:
                if not self._may_lead(call):
                    return False
                self._leader = call
                self._take(batch)
            if batch:
                self._commit(batch, call.patience)
        finally:
            if self._leader is call:
                self._hand_over(call, batch)
        return True

    def _may_lead(self, call: Call) -> bool:
        leader = self._leader
        return not call.settled and (leader is None or leader.patience.left < -_LEASE_SECONDS)

    def _take(self, batch: list[Call]) -> None:
        """Calls for the same version wait for the next batch, where they lose to a stored event."""
        keys: set[Key] = set()
        later: list[Call] = []
        events = size_bytes = 0
        while self._waiting and events < MOST_EVENTS:
            call = self._waiting[0]
            if batch and size_bytes + call.size_bytes > MOST_BYTES:
                break
            self._waiting.popleft()
            if keys.isdisjoint(call.keys):
                batch.append(call)
                keys.update(call.keys)
                events += len(call.events)
                size_bytes += call.size_bytes
            else:
                later.append(call)
        self._waiting.extendleft(reversed(later))

    def _hand_over(self, leader: Call, batch: Sequence[Call]) -> None:
        with self._mutex:
            self._leader = None
            self._put_back([c for c in batch if not (c.settled or c.left or c is leader)])
            following = self._waiting[0] if self._waiting else None
        for call in batch:
            if call is not leader:
                call.wake.put(None)
        if following is not None:
            following.wake.put(None)

    def _put_back(self, unsettled: Sequence[Call]) -> None:
        for call in reversed(unsettled):
            call.in_doubt = True
            self._waiting.appendleft(call)

    def _follow(self, call: Call) -> None:
        with suppress(Empty):
            call.wake.get(timeout=max(0.001, min(call.patience.left, _LOOK_AGAIN_SECONDS)))

    def _leave(self, call: Call) -> None:
        with self._mutex:
            call.left = True
            with suppress(ValueError):
                self._waiting.remove(call)
            following = self._waiting[0] if self._waiting and self._leader is None else None
        if following is not None:
            following.wake.put(None)
