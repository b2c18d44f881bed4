"""Appends events in group commits: fast under load, in a safe order, never answered too early."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

import psycopg
from eventsourcing.persistence import Notification, StoredEvent
from eventsourcing.postgres import PostgresApplicationRecorder
from psycopg.errors import ProgramLimitExceeded, QueryCanceled

from ledger.store.appender import Appender
from ledger.store.calls import Call
from ledger.store.datastore import Connection, Datastore
from ledger.store.errors import AlreadyStored, StoreUnavailable, translated
from ledger.store.forks import abandon, renew_after_fork
from ledger.store.group import Group
from ledger.store.names import channel
from ledger.store.patience import Patience
from ledger.store.positions import Fence

Work = Callable[[Connection], None]


class GroupCommitRecorder(PostgresApplicationRecorder):
    """The library's recorder, with the same guarantee for readers who follow the positions.

    Every method gives up within the datastore's time limit and raises StoreUnavailable.
    """

    datastore: Datastore

    def __init__(self, datastore: Datastore, *, events_table_name: str = "events") -> None:
        super().__init__(datastore, events_table_name=events_table_name)
        self.channel_name = channel(datastore.schema)
        self._appender = Appender(datastore.schema)
        self._group = Group(self._commit)
        renew_after_fork(self)

    def renew(self) -> None:
        abandon(self._group)
        self._group = Group(self._commit)

    def insert_events(
        self, stored_events: Sequence[StoredEvent], *, fence: Fence | None = None, **others: Any
    ) -> Sequence[int]:
        """Store all events or none; returns their positions once they are flushed to disk.

        Raises AlreadyStored for a version that is taken, PositionMoved (with a `fence`) when
        somebody else moved the position, StoreUnavailable when the time is over, and DataError
        for what PostgreSQL cannot hold.
        """
        _refuse_unknown(others)
        call = Call(stored_events, Patience(self.datastore.limit_seconds))
        if len(set(call.keys)) < len(call.keys):
            raise AlreadyStored(*call.keys[0])
        if fence is not None:
            return self._append_fenced(call, fence)
        return self._group.submit(call) if stored_events else []

    def select_events(
        self,
        originator_id: UUID | str,
        *,
        gt: int | None = None,
        lte: int | None = None,
        desc: bool = False,
        limit: int | None = None,
    ) -> Sequence[StoredEvent]:
        once = _without_retries(PostgresApplicationRecorder.select_events)
        return self.datastore.patiently(
            lambda: once(self, originator_id, gt=gt, lte=lte, desc=desc, limit=limit)
        )

    def select_notifications(
        self,
        start: int | None,
        limit: int,
        stop: int | None = None,
        topics: Sequence[str] = (),
        *,
        inclusive_of_start: bool = True,
    ) -> Sequence[Notification]:
        once = _without_retries(PostgresApplicationRecorder.select_notifications)
        return self.datastore.patiently(
            lambda: once(self, start, limit, stop, topics, inclusive_of_start=inclusive_of_start)
        )

    def max_notification_id(self) -> int | None:
        once = _without_retries(PostgresApplicationRecorder.max_notification_id)
        return self.datastore.patiently(lambda: once(self))  # type: ignore[no-any-return]  # `once` is untyped

    def _append_fenced(self, call: Call, fence: Fence) -> Sequence[int]:
        """Alone, since its caller waits for nobody: a follower is one thread."""
        try:
            self._until_done(
                [call], call.patience, lambda c: self._appender.append_fenced(c, call, fence)
            )
        except psycopg.Error as error:
            raise translated(error) from error
        return call.result()

    def _commit(self, batch: Sequence[Call], patience: Patience) -> None:
        """Settle every call; one that cannot be stored at all harms no other."""
        try:
            self._until_done(batch, patience, lambda c: self._appender.append(c, batch))
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, it belongs to one of the calls
            if len(batch) > 1:
                for call in batch:
                    self._commit([call], patience)
            else:
                batch[0].error = translated(error) if isinstance(error, psycopg.Error) else error

    def _until_done(self, calls: Sequence[Call], patience: Patience, work: Work) -> None:
        while True:
            try:
                return self._once(calls, patience, work)
            except QueryCanceled as error:  # it has already waited for most of the time
                raise StoreUnavailable(patience.limit_seconds, error) from error
            except ProgramLimitExceeded:  # though the driver takes it for a passing trouble
                raise
            except (psycopg.OperationalError, psycopg.InterfaceError) as error:
                patience.pause_after(error)

    def _once(self, calls: Sequence[Call], patience: Patience, work: Work) -> None:
        with self.datastore.connection(patience) as connection:
            try:
                work(connection)
            except BaseException as error:
                # The server's own refusal is certain. A broken connection or an interrupt may
                # hide a commit.
                if connection.closed or not isinstance(error, Exception):
                    for call in calls:
                        call.in_doubt = True
                raise


def _refuse_unknown(others: dict[str, Any]) -> None:
    """The library always passes `tracking`; a value there would be lost without a word."""
    unknown = [name for name, value in others.items() if value is not None]
    if unknown:
        raise TypeError(f"insert_events() cannot store {', '.join(unknown)}")


def _without_retries(method: Any) -> Callable[..., Any]:
    """The library tries ten times and waits in between: longer than a request may take."""
    return method.__wrapped__  # type: ignore[no-any-return]  # its decorator is untyped
