"""Writes a bundle: one pass over each log, all of one moment, and nothing kept but the rows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from psycopg import Connection, IsolationLevel
from psycopg.sql import SQL, Identifier

from ledger.delivery import CATEGORY
from ledger.sealing.copies import SUFFIX
from ledger.sealing.keys import SealKey
from ledger.sealing.seal import LOGS, read_seal
from ledger.sealing.store import SealStore, SealUnreadable
from ledger.store.log import END
from ledger.store.names import Names
from projections.engine import Folding
from projections.fingerprint import fingerprint
from projections.generations import shape
from projections.registry import PROJECTIONS
from replay.bundles.choice import Choice, marked, received_at, recorded_at, until
from replay.bundles.files import Folder
from replay.bundles.lines import (
    DELIVERY_COLUMNS,
    EVENT_COLUMNS,
    EVENTS,
    delivery_cells,
    event_cells,
    line,
)
from replay.bundles.manifest import Manifest, Span
from replay.bundles.rows import write_rows
from replay.seals.chain import LOWEST
from replay.seals.entries import Entry, between, is_there, of_streams
from replay.seals.proof import Prover

Tick = Callable[[int], None]


class Part(NamedTuple):
    """What a log is written as: the files' name, their columns, and what is read of an entry."""

    log: str
    name: str
    columns: Sequence[str]
    cells: Callable[[Entry], Iterable[object]]
    time: Callable[[Entry], datetime]


LEDGER = Part("ledger", "events", EVENT_COLUMNS, event_cells, recorded_at)
INBOX = Part("inbox", "deliveries", DELIVERY_COLUMNS, delivery_cells, received_at)
REACTIONS = Part("reactions", "reactions", EVENT_COLUMNS, event_cells, recorded_at)


class Export:
    """One bundle of `choice`, signed with `key`."""

    def __init__(self, connection: Connection[Any], names: Names, choice: Choice) -> None:
        self._connection = connection
        self._names = names
        self._choice = choice
        self._store = SealStore(names.ledger)
        self._folding = Folding(PROJECTIONS)
        self._causes: set[str] = set()
        self._spans: dict[str, Span] = {}

    def write(
        self, path: Path, key: SealKey, now: datetime, tick: Tick = lambda _: None
    ) -> Manifest:
        """Writes it into a new folder; the manifest comes last. Raises FolderTaken."""
        folder, choice = Folder(path), self._choice
        self._connection.isolation_level = IsolationLevel.REPEATABLE_READ
        with self._connection.transaction():
            self._write_log(folder, LEDGER, self._folded(self._history()), tick)
            self._write_log(folder, INBOX, self._deliveries(), tick)
            self._write_log(folder, REACTIONS, self._reactions(), tick)
            write_rows(folder, self._folding.rows, choice)
            if choice.kind == "customer":
                self._write_proofs(folder)
            else:
                self._write_seals(folder)
            manifest = self._manifest(folder, key, now).signed(key)
        manifest.write(path)
        return manifest

    def count(self) -> int:
        """About how many entries there are to go through."""
        schemas = self._names.logs.values()
        there = (each for each in schemas if is_there(self._connection, each))
        counts = [SQL("SELECT count(*) FROM {}.events").format(Identifier(each)) for each in there]
        return sum(row[0] for each in counts for row in self._connection.execute(each))

    def _write_log(self, folder: Folder, part: Part, entries: Iterable[Entry], tick: Tick) -> None:
        """The entries of the choice."""
        with folder.both(part.name, part.columns) as write:
            for entry, belongs in marked(entries, self._choice.begin, part.time):
                if belongs:
                    write(line(entry), part.cells(entry))
                    self._extend(part.log, entry)
                tick(1)

    def _folded(self, events: Iterable[Entry]) -> Iterator[Entry]:
        """Events as they come; those before the choice are folded too, since rows come from all."""
        for entry in events:
            self._folding.fold([(entry.position, entry.topic, entry.state)])
            self._note_cause(entry)
            yield entry

    def _write_seals(self, folder: Folder) -> None:
        """Every seal that closes something of what was written, as outside copies are."""
        for log, span in self._spans.items():
            for stored in self._store.after(self._connection, log, 0):
                seal, sheet = read_seal(stored.line), stored.sheet
                if seal is None or sheet is None:
                    raise SealUnreadable(log, stored.number)
                if seal.first <= span.last and span.first <= seal.last:
                    with folder.file(f"seals/{log}-{stored.number:09}{SUFFIX}") as file:
                        file.write(f"{stored.line}\n{sheet.to_lines()}".encode())

    def _write_proofs(self, folder: Folder) -> None:
        """A proof for each entry that is sealed. Raises DoesNotFit."""
        with folder.file("proofs.jsonl") as file:
            sources = (self._deliveries(), self._history(), self._reactions())
            for log, entries in zip(LOGS, sources, strict=True):
                prover = Prover(self._connection, self._names, log)
                for proof in filter(None, map(prover.proof, entries)):
                    file.write(msgspec.json.encode(proof, order="sorted") + b"\n")

    def _history(self) -> Iterator[Entry]:
        """The events that decide the rows of the choice."""
        schema, choice = self._names.ledger, self._choice
        if choice.customer is not None:
            return of_streams(self._connection, schema, choice.streams)
        return until(between(self._connection, schema, LOWEST, END), choice.end, recorded_at)

    def _deliveries(self) -> Iterator[Entry]:
        schema, choice = self._names.inbox, self._choice
        if choice.customer is not None:
            return of_streams(self._connection, schema, sorted(self._causes))
        return until(between(self._connection, schema, LOWEST, END), choice.end, received_at)

    def _reactions(self) -> Iterator[Entry]:
        """What was done in the world because of the events of the choice."""
        schema, choice = self._names.reactions, self._choice
        if choice.customer is not None:
            return of_streams(self._connection, schema, choice.reactions)
        return until(between(self._connection, schema, LOWEST, END), choice.end, recorded_at)

    def _note_cause(self, entry: Entry) -> None:
        if self._choice.customer is not None:
            cause = EVENTS.decode(entry.state).cause
            if cause.startswith(f"{CATEGORY}/"):
                self._causes.add(cause)

    def _extend(self, log: str, entry: Entry) -> None:
        span = self._spans.get(log, Span(entry.position, entry.position, 0))
        self._spans[log] = Span(span.first, entry.position, span.count + 1)

    def _manifest(self, folder: Folder, key: SealKey, now: datetime) -> Manifest:
        choice = self._choice
        whole = choice.kind == "whole"
        return Manifest(
            kind=choice.kind,
            made_at=now,
            customer=choice.customer,
            begin=choice.begin,
            end=choice.end,
            spans={log: self._spans[log] for log in LOGS if log in self._spans},
            followers=self._followers() if whole else {},
            fingerprint=fingerprint(self._folding.rows) if whole else None,
            shape=shape(PROJECTIONS),
            files=sorted(folder.files, key=lambda each: each.name),
            key=key.public,
        )

    def _followers(self) -> dict[str, int]:
        query = SQL("SELECT name, position FROM {}.positions ORDER BY name")
        rows = self._connection.execute(query.format(Identifier(self._names.ledger)))
        return dict(rows.fetchall())
