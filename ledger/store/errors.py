"""What the stores refuse or cannot do, as the library's own kinds of error."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
from eventsourcing import persistence as library
from psycopg.errors import InsufficientPrivilege, ProgramLimitExceeded, UndefinedTable

from ledger.store.names import Names

_TRANSLATIONS: tuple[tuple[type[psycopg.Error], type[library.PersistenceError]], ...] = (
    (ProgramLimitExceeded, library.DataError),  # a key too long for an index, say
    (psycopg.InterfaceError, library.InterfaceError),
    (psycopg.OperationalError, library.OperationalError),
    (psycopg.DataError, library.DataError),
    (psycopg.IntegrityError, library.IntegrityError),
    (psycopg.InternalError, library.InternalError),
    (psycopg.ProgrammingError, library.ProgrammingError),
    (psycopg.NotSupportedError, library.NotSupportedError),
    (psycopg.DatabaseError, library.DatabaseError),
)


def translated(error: psycopg.Error) -> library.PersistenceError:
    """The library's error for the driver's, with the same sentence."""
    if isinstance(error, InsufficientPrivilege):
        return NotPermitted(error.diag.message_primary)
    if isinstance(error, UndefinedTable):
        return NotMigrated()
    for theirs, ours in _TRANSLATIONS:
        if isinstance(error, theirs):
            return ours(str(error))
    return library.PersistenceError(str(error))


class StoreUnavailable(library.OperationalError):
    """The database did not answer in time; the events may or may not be stored."""

    def __init__(self, limit_seconds: float, problem: object = "no answer") -> None:
        self.limit_seconds = limit_seconds
        self.problem = str(problem).strip()
        super().__init__(f"the store could not do it in {limit_seconds:g} s: {self.problem}")


class AlreadyStored(library.IntegrityError):
    """Another event has this version of the stream: a duplicate, or a lost race."""

    def __init__(self, originator_id: str, originator_version: int) -> None:
        self.originator_id = originator_id
        self.originator_version = originator_version
        super().__init__(
            f"{originator_id!r} has other events at or after version {originator_version}; "
            "nothing was stored"
        )


class PositionMoved(library.IntegrityError):
    """Somebody else continued from this position: they are at work, so we stop."""

    def __init__(self, name: str, expected: int, found: int) -> None:
        self.name = name
        self.expected = expected
        self.found = found
        super().__init__(f"position {name!r} is at {found}, not at {expected}; nothing was stored")


class NotPermitted(library.ProgrammingError):
    """Our user lacks a right: an auditor's may only read, say."""

    def __init__(self, problem: object, role: str = Names.writer) -> None:
        self.role = role
        super().__init__(f"{problem}: this takes a member of {role}")


class NotMigrated(library.ProgrammingError):
    """A table is not there: nobody has made any here, or not under these names."""

    def __init__(self) -> None:
        super().__init__("there is no ledger yet: run `billing migrate`")


class DatabaseNotPrepared(library.ProgrammingError):
    """Our user may not create roles or schemas: `statements` are for a database administrator."""

    def __init__(self, user: str, statements: Sequence[str]) -> None:
        self.user = user
        self.statements = tuple(statements)
        listed = "\n".join(f"  {statement};" for statement in statements)
        super().__init__(f"{user!r} may not prepare the database; an administrator runs:\n{listed}")
