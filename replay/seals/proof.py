"""A proof that a delivery or event was in its log when that was sealed, for strangers to check."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from typing import Any, Literal, NamedTuple

import msgspec
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.delivery import CATEGORY
from ledger.errors import LedgerError
from ledger.ids import Scope
from ledger.reactions.beginning import Beginning
from ledger.reactions.reaction import Reaction
from ledger.sealing.merkle import path
from ledger.sealing.seal import LOGS, Seal, read_seal
from ledger.sealing.sheet import Sheet
from ledger.sealing.store import SealStore, SealUnreadable, Stored
from ledger.store.names import Names
from replay.seals.entries import COLUMNS, Entry, is_there


class UnknownEntry(LedgerError):
    def __init__(self, what: str) -> None:
        super().__init__(
            f"nothing is stored as {what!r}: name a provider's event id (evt_...), a stream, "
            "STREAM@VERSION, @POSITION of the ledger, inbox:POSITION or reactions:POSITION"
        )


class SeveralEntries(LedgerError):
    def __init__(self, what: str, names: list[str]) -> None:
        more = ", ..." if len(names) > 5 else ""
        super().__init__(f"{what!r} is several: {', '.join(names[:5])}{more}")


class NotSealedYet(LedgerError):
    def __init__(self, log: str, position: int) -> None:
        super().__init__(f"position {position} of the {log} is not sealed yet: run `billing seal`")


class DoesNotFit(LedgerError):
    def __init__(self, log: str, position: int) -> None:
        super().__init__(f"position {position} of the {log} is not as sealed: run `billing verify`")


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """The entry as stored (state in base64), and `path`, hashes in hex that lead to the root.

    `index` is the entry's number in its stretch, from 0.
    """

    form: Literal["billing-proof/1"] = "billing-proof/1"
    position: int
    stream: str
    version: int
    topic: str
    state: str
    index: int
    path: list[str]
    seal: Seal

    @property
    def text(self) -> str:
        """Readable JSON, the same every time."""
        return msgspec.json.format(msgspec.json.encode(self, order="sorted")).decode() + "\n"


def prove(connection: Connection[Any], names: Names, what: str) -> Proof:
    """The proof of `what`.

    Raises UnknownEntry, SeveralEntries, NotSealedYet, DoesNotFit or SealUnreadable.
    """
    log, entry = find(connection, names, what)
    found = Prover(connection, names, log).proof(entry)
    if found is None:
        raise NotSealedYet(log, entry.position)
    return found


class Prover:
    """Proves entries of a log in their order, each seal and its tree read once."""

    def __init__(self, connection: Connection[Any], names: Names, log: str) -> None:
        self._connection = connection
        self._store = SealStore(names.ledger)
        self._log = log
        self._closed: _Closed | None = None

    def proof(self, entry: Entry) -> Proof | None:
        """The proof of an entry; None while it is not sealed. Raises DoesNotFit."""
        if self._closed is None or entry.position > self._closed.seal.last:
            stored = self._store.covering(self._connection, self._log, entry.position)
            if stored is None:
                return None
            self._closed = _closed(self._log, stored)
        return self._closed.proof(entry)


class _Closed(NamedTuple):
    seal: Seal
    sheet: Sheet
    tree: list[Sequence[bytes]]

    def proof(self, entry: Entry) -> Proof:
        index = self.sheet.find(entry.position, entry.digest)
        if index is None:
            raise DoesNotFit(self.seal.log, entry.position)
        return Proof(
            position=entry.position,
            stream=entry.stream,
            version=entry.version,
            topic=entry.topic,
            state=b64encode(entry.state).decode(),
            index=index,
            path=[each.hex() for each in path(self.tree, index)],
            seal=self.seal,
        )


def _closed(log: str, stored: Stored) -> _Closed:
    """Raises SealUnreadable for a seal and sheet that are not each other's."""
    seal, sheet = read_seal(stored.line), stored.sheet
    if seal is None or sheet is None or not seal.closes(sheet):
        raise SealUnreadable(log, stored.number)
    return _Closed(seal, sheet, sheet.tree())


def find(connection: Connection[Any], names: Names, what: str) -> tuple[str, Entry]:
    """The log and entry that `what` names. Raises UnknownEntry or SeveralEntries."""
    schemas = names.logs
    for log, condition, values in _conditions(what):
        entries = _select(connection, schemas[log], condition, values)
        if len(entries) > 1:
            raise SeveralEntries(what, [f"{each.stream}@{each.version}" for each in entries])
        if entries:
            return log, entries[0]
    raise UnknownEntry(what)


def _select(
    connection: Connection[Any], schema: str, condition: SQL, values: list[object]
) -> list[Entry]:
    if not is_there(connection, schema):
        return []
    query = SQL("SELECT {} FROM {}.events WHERE {} ORDER BY originator_version").format(
        SQL(COLUMNS), Identifier(schema), condition
    )
    return [Entry(*row) for row in connection.execute(query, values, binary=True)]


_LOG_OF = {
    CATEGORY: "inbox",
    Reaction.CATEGORY: "reactions",
    Beginning.CATEGORY: "reactions",
}
"""Category of a stream -> the log it is in, unless that is the ledger."""


def _conditions(what: str) -> Iterator[tuple[str, SQL, list[object]]]:
    """In which log to look, by which condition and its values, one after the other."""
    if placed := re.fullmatch(rf"(?:({'|'.join(LOGS)}):|@)([0-9]{{1,18}})", what):
        yield placed[1] or "ledger", SQL("notification_id = %s"), [int(placed[2])]
    elif "/" not in what:
        own = [Scope("stripe", mode).stream(CATEGORY, what) for mode in (True, False)]
        yield "inbox", SQL("originator_id IN (%s, %s)"), [*own]
        # Of a connected account, whichever: this looks at all deliveries.
        ends = SQL("starts_with(originator_id, %s) AND right(originator_id, %s) = %s")
        yield "inbox", ends, [f"{CATEGORY}/", len(what) + 1, f"/{what}"]
    else:
        log = _LOG_OF.get(what.partition("/")[0], "ledger")
        if versioned := re.fullmatch(r"(.+)@([0-9]{1,18})", what):
            both = SQL("originator_id = %s AND originator_version = %s")
            yield log, both, [versioned[1], int(versioned[2])]
        yield log, SQL("originator_id = %s"), [what]
