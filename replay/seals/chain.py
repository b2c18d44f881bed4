"""The seals of one log in their order, each checked against the one before and its copy outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from psycopg import Connection

from ledger.sealing.copies import Copies
from ledger.sealing.seal import BEGINNING, Seal, read_seal
from ledger.sealing.sheet import Sheet
from ledger.sealing.store import SealStore
from replay.seals.findings import Finding, Problem, finding

LOWEST = -(2**63)
"""No position is lower: what somebody put before the first one has to be seen too."""


class Link(NamedTuple):
    """The seal before, as far as it is known: a seal that follows continues exactly this."""

    number: int
    last: int
    hash: str | None


class Stretch(NamedTuple):
    """What one seal closes: positions from `begin` on, up to the seal's last.

    `seal` is the best there is, None if there is none to be read; `sheet` only one it commits to.
    """

    number: int
    begin: int
    seal: Seal | None
    sheet: Sheet | None
    is_sound: bool
    findings: list[Finding]


class Version(NamedTuple):
    """One of the two places' seal, and what is wrong with it by itself."""

    line: str
    seal: Seal | None
    sheet: Sheet | None
    fault: Problem | None


class Chain:
    """Reads the seals of `log` from the database and, where there are any, from copies."""

    def __init__(
        self, log: str, store: SealStore, copies: Copies | None, trusted: Sequence[str]
    ) -> None:
        self._log = log
        self._store = store
        self._copies = copies
        self._trusted = trusted
        self.keys: set[str] = set()
        self.copied = 0

    def stretches(self, connection: Connection[Any]) -> Iterator[Stretch]:
        """One for each number there is anywhere."""
        stored = set(self._store.numbers(connection, self._log))
        outside = self._copies.numbers(self._log) if self._copies else []
        self.copied = len(outside)
        must_have_copy = max(outside, default=1) if self._copies else 0
        link = Link(0, LOWEST - 1, BEGINNING)
        for number in _with_gaps(sorted(stored | set(outside))):
            stretch = self._stretch(connection, number, link, number <= must_have_copy)
            yield stretch
            link = _next(link, stretch)

    def _stretch(
        self, connection: Connection[Any], number: int, link: Link, needs_copy: bool
    ) -> Stretch:
        ours, copy = self._stored(connection, number, link), self._copy(number, link)
        seal, sheet, is_sound = _best(copy, ours)
        begin = link.last + 1 if link.number == number - 1 else seal.first if seal else LOWEST
        where = self._log, seal.first if seal else None, number
        findings = [finding(each, *where, key=_key(ours)) for each in _faults(ours)]
        if copy is None and needs_copy:
            findings.append(finding("copy_missing", *where))
        if copy and ours and (copy.line != ours.line or _differ(copy.sheet, ours.sheet)):
            findings.append(finding("copy_differs", *where))
        if seal is not None:
            self.keys.add(seal.key)
        return Stretch(number, begin, seal, sheet, is_sound, findings)

    def _stored(self, connection: Connection[Any], number: int, link: Link) -> Version | None:
        stored = self._store.get(connection, self._log, number)
        return self._version(stored.line, stored.sheet, number, link) if stored else None

    def _copy(self, number: int, link: Link) -> Version | None:
        copy = self._copies.read(self._log, number) if self._copies else None
        return self._version(copy.line, copy.sheet, number, link) if copy else None

    def _version(self, line: str, sheet: Sheet | None, number: int, link: Link) -> Version:
        seal = read_seal(line)
        closed = sheet if seal and sheet and seal.closes(sheet) else None
        return Version(line, seal, closed, self._fault(seal, number, link))

    def _fault(self, seal: Seal | None, number: int, link: Link) -> Problem | None:
        if seal is None:
            return "seal_unreadable"
        if not seal.signature_fits:
            return "signature_wrong"
        if self._trusted and seal.key not in self._trusted:
            return "key_unknown"
        if (seal.log, seal.number) != (self._log, number):
            return "seal_misplaced"
        if link.hash is not None and (seal.previous != link.hash or seal.first <= link.last):
            return "chain_broken"
        return None


def _with_gaps(numbers: Sequence[int]) -> Iterator[int]:
    """The numbers from 1 on; of those left out in a row, however many, the first."""
    due = 1
    for number in numbers:
        if number > due:
            yield due
        yield number
        due = number + 1


def _best(copy: Version | None, ours: Version | None) -> tuple[Seal | None, Sheet | None, bool]:
    """The copy outside, if it is sound; else ours, if that is sound; else what can be read."""
    versions = [each for each in (copy, ours) if each and each.fault != "seal_misplaced"]
    sound = [each for each in versions if each.fault is None]
    seal = next((each.seal for each in (*sound, *versions) if each.seal), None)
    sheets = (each.sheet for each in (*sound, *versions) if each.seal == seal)
    return seal, next((each for each in sheets if each), None), bool(sound)


def _faults(ours: Version | None) -> list[Problem]:
    """What is wrong with the seal in the database."""
    if ours is None:
        return ["seal_missing"]
    if ours.fault is not None:
        return [ours.fault]
    return ["leaves_rewritten"] if ours.sheet is None else []


def _key(version: Version | None) -> str:
    return version.seal.key if version and version.seal else ""


def _differ(one: Sheet | None, other: Sheet | None) -> bool:
    return one is None or (other is not None and one.entries != other.entries)


def _next(link: Link, stretch: Stretch) -> Link:
    """What the next seal has to continue; not known after a seal that is not sound itself."""
    if stretch.seal is None:
        return link
    last = max(link.last, stretch.seal.last)
    return Link(stretch.number, last, stretch.seal.hash if stretch.is_sound else None)
