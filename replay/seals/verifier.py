"""Recomputes every hash of all logs and finds what does not fit, from the first place on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import itemgetter
from typing import Any

import msgspec
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.sealing.copies import Copies
from ledger.sealing.merkle import leaf, root
from ledger.sealing.seal import LOGS
from ledger.sealing.store import SealStore
from ledger.store.log import END
from ledger.store.names import Names
from replay.seals.chain import LOWEST, Chain, Stretch
from replay.seals.entries import Entry, between, is_there, misfits
from replay.seals.findings import Finding, Misfit, finding, told
from replay.seals.signatures import Kind, Signatures

MOST_FINDINGS = 1_000
OF_ENTRIES = {"changed", "missing", "inserted", "moved", "provider_signature_wrong"}

Tick = Callable[[int], None]
"""Told how many entries were looked at since it was last told."""


class Tail(msgspec.Struct, frozen=True):
    """What no seal closes yet."""

    first: int
    last: int
    count: int


class Verdict(msgspec.Struct, frozen=True):
    """What was found of one log. `findings` are the first ones; `more` were found besides.

    `copies` outside were compared; None: no place to look for them was given.
    """

    log: str
    seals: int
    copies: int | None
    entries: int
    sealed_until: int | None
    unsealed: Tail | None
    keys: tuple[str, ...]
    findings: tuple[Finding, ...]
    more: int
    provider_signatures: dict[Kind, int] | None = None

    @property
    def fits(self) -> bool:
        return not self.findings


class Verifier:
    """Verifies over one connection, whose transaction, if it is in one, it stays in.

    It stops at the first stretch of a log that does not fit, unless it is to be `full`. Seals by
    other keys than those `trusted` do not fit; without any, all keys are believed.
    """

    def __init__(
        self,
        connection: Connection[Any],
        names: Names,
        *,
        copies: Copies | None = None,
        trusted: Sequence[str] = (),
        secrets: Sequence[str] = (),
        full: bool = False,
    ) -> None:
        self._connection = connection
        self._schemas = names.logs
        self._store = SealStore(names.ledger)
        self._copies = copies
        self._trusted = trusted
        self._secrets = secrets
        self._full = full

    def verify(self, tick: Tick = lambda _: None) -> list[Verdict]:
        """What was found of each log."""
        return [self._verify(log, tick) for log in LOGS]

    def count(self) -> int:
        """About how many entries there are to look at."""
        total = 0
        for schema in self._schemas.values():
            if is_there(self._connection, schema):
                query = SQL("SELECT coalesce(max(notification_id), 0) FROM {}.events")
                row = self._connection.execute(query.format(Identifier(schema))).fetchone()
                total += row[0] if row else 0
        return total

    def _verify(self, log: str, tick: Tick) -> Verdict:
        chain = Chain(log, self._store, self._copies, self._trusted)
        signatures = Signatures(self._secrets) if self._secrets and log == "inbox" else None
        look = _Look(log, tick, signatures)
        seals, end = 0, LOWEST - 1
        for stretch in chain.stretches(self._connection):
            seals += 1
            self._compare(stretch, look)
            end = max(end, stretch.seal.last if stretch.seal else end)
            if look.total and not self._full:
                break
        tail = None if look.total and not self._full else self._tail(end + 1, look)
        return Verdict(
            log=log,
            seals=seals,
            copies=chain.copied if self._copies else None,
            entries=look.entries,
            sealed_until=end if end >= LOWEST else None,
            unsealed=tail,
            keys=tuple(sorted(chain.keys)),
            findings=tuple(look.findings()),
            more=max(0, look.total - MOST_FINDINGS),
            provider_signatures=signatures.counts if signatures else None,
        )

    def _compare(self, stretch: Stretch, look: _Look) -> None:
        for each in stretch.findings:
            look.found(each)
        seal, look.seal = stretch.seal, stretch.number
        if seal is None:
            return
        entries = look.at(self._between(look.log, stretch.begin, seal.last))
        if stretch.sheet is not None:
            for misfit in misfits(stretch.sheet, entries):
                look.missed(stretch.number, misfit)
            return
        leaves = [leaf(each.position, each.digest) for each in entries]
        if not leaves or root(leaves).hex() != seal.root:
            where = look.log, seal.first, seal.number
            look.found(finding("stretch_changed", *where, upto=seal.last))

    def _tail(self, begin: int, look: _Look) -> Tail | None:
        look.seal, tail = None, None
        for entry in look.at(self._between(look.log, begin, END)):
            first, count = (tail.first, tail.count) if tail else (entry.position, 0)
            tail = Tail(first, entry.position, count + 1)
        return tail

    def _between(self, log: str, begin: int, end: int) -> Iterator[Entry]:
        return between(self._connection, self._schemas[log], begin, end)


class _Look:
    """One walk along a log: counts what it passes and keeps what it finds, the first ones."""

    def __init__(self, log: str, tick: Tick, signatures: Signatures | None) -> None:
        self.log = log
        self.entries = 0
        self.total = 0
        self._tick = tick
        self._signatures = signatures
        self._found: list[Finding] = []
        self.seal: int | None = None
        self._misfits: list[tuple[int, Misfit]] = []

    def at(self, entries: Iterable[Entry]) -> Iterator[Entry]:
        """The same entries, looked at."""
        for entry in entries:
            self.entries += 1
            if self._signatures and not self._signatures.check(entry.state):
                self.found(finding("provider_signature_wrong", self.log, entry.position, self.seal))
            if self.entries % 500 == 0:
                self._tick(500)
            yield entry

    def found(self, found: Finding) -> None:
        self.total += 1
        if len(self._found) < MOST_FINDINGS:
            self._found.append(found)

    def missed(self, seal: int, misfit: Misfit) -> None:
        self.total += 1
        if len(self._misfits) < MOST_FINDINGS:
            self._misfits.append((seal, misfit))

    def findings(self) -> list[Finding]:
        """In the order of their places: a seal's own before those of its entries."""
        entries = list(told(self.log, self._misfits))
        found = [(_place(each), each) for each in (*self._found, *entries)]
        return [each for _, each in sorted(found, key=itemgetter(0))][:MOST_FINDINGS]


def _place(found: Finding) -> tuple[int, bool, int]:
    position = LOWEST if found.position is None else found.position
    return found.seal or END, found.problem in OF_ENTRIES, position
