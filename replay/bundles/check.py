"""Checks a bundle with nothing but its files: hashes, seals, proofs, and the rows' fingerprint."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from ledger.errors import LedgerError
from ledger.sealing.copies import Copies
from ledger.sealing.merkle import climbed, leaf
from ledger.sealing.seal import BEGINNING, LOGS, Seal, read_seal
from ledger.sealing.sheet import Sheet
from projections.engine import Folding
from projections.fingerprint import fingerprint
from projections.generations import shape
from projections.registry import PROJECTIONS
from replay.bundles.files import hashed
from replay.bundles.lines import entry as read_entry
from replay.bundles.manifest import NAME, Manifest, Span
from replay.seals.entries import Entry, misfits
from replay.seals.findings import told
from replay.seals.proof import Proof
from replay.seals.wording import one

Tick = Callable[[int], None]
FILES = {"inbox": "deliveries.jsonl", "ledger": "events.jsonl", "reactions": "reactions.jsonl"}


class BundleDoesNotFit(LedgerError):
    def __init__(self, problem: str) -> None:
        super().__init__(f"the bundle does not fit: {problem}")


class Checked(msgspec.Struct, frozen=True):
    """What was found good. `sealed` counts the entries that seals or proofs show, by log.

    `keys` are those of the manifest and the seals. The `fingerprint` of a whole ledger was
    computed again from its events, unless the tables of this release have other columns.
    """

    manifest: Manifest
    sealed: dict[str, int]
    keys: tuple[str, ...]
    fingerprint: str | None


class Bundle:
    """A bundle in a folder. Raises NoBundle when it has no sound manifest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = Manifest.read(folder)
        self._keys = {self.manifest.key}

    def check(self, trusted: Sequence[str], tick: Tick = lambda _: None) -> Checked:
        """Checks everything. Raises BundleDoesNotFit at the first thing that does not."""
        self._check_files()
        look = {"customer": self._check_proofs}.get(self.manifest.kind, self._check_seals)
        sealed = {log: look(log, tick) for log in LOGS}
        if trusted and not self._keys <= set(trusted):
            strange = ", ".join(sorted(self._keys - set(trusted)))
            raise BundleDoesNotFit(f"it is signed by {strange}, which you do not trust")
        return Checked(self.manifest, sealed, tuple(sorted(self._keys)), self._fingerprint())

    def entries(self, log: str) -> Iterator[Entry]:
        """Its deliveries, events or reactions, one at a time; of those older bundles have none."""
        if FILES[log] not in {each.name for each in self.manifest.files}:
            return
        with (self.folder / FILES[log]).open("rb") as opened:
            for number, text in enumerate(opened, 1):
                try:
                    yield read_entry(text)
                except (ValueError, msgspec.MsgspecError) as error:
                    raise BundleDoesNotFit(f"{FILES[log]}, line {number}: {error}") from error

    def seals(self, log: str) -> Iterator[tuple[Seal, Sheet]]:
        """The seals in it, each with its sheet; they continue each other."""
        copies, before = Copies(self.folder / "seals"), None
        numbers = copies.numbers(log)
        if self.manifest.kind == "whole" and numbers and numbers[0] != 1:
            raise BundleDoesNotFit(f"the first seal of the {log} is not there")
        for number in numbers:
            copy = copies.read(log, number)
            seal = read_seal(copy.line) if copy else None
            sheet = copy.sheet if copy else None
            if seal is None or sheet is None or not _is_sound(seal, sheet, log, number, before):
                raise BundleDoesNotFit(f"seal {number} of the {log} was rewritten")
            self._keys.add(seal.key)
            yield seal, sheet
            before = seal

    def _check_files(self) -> None:
        listed = {each.name: each for each in self.manifest.files}
        paths = (each for each in self.folder.rglob("*") if not each.is_dir())
        there = {each.relative_to(self.folder).as_posix() for each in paths} - {NAME}
        for name in sorted(listed.keys() ^ there):
            what = "is not there" if name in listed else "is not in the manifest"
            raise BundleDoesNotFit(f"{name} {what}")
        for name, file in listed.items():
            if hashed(self.folder, name) != file:
                raise BundleDoesNotFit(f"{name} is not the file the manifest lists")

    def _check_seals(self, log: str, tick: Tick) -> int:
        """Holds the entries against the sheets; how many are sealed."""
        span = self.manifest.spans.get(log)
        walk = _Walk(self.entries(log), tick)
        for seal, sheet in self.seals(log):
            inside = [each for each in sheet if span and span.first <= each[0] <= span.last]
            found = misfits(inside, walk.upto(seal.last))
            for finding in told(log, ((seal.number, each) for each in found)):
                raise BundleDoesNotFit(one(finding))
        sealed = walk.entries
        for _ in walk.upto(None):
            pass
        self._check_span(log, span, walk)
        return sealed

    def _check_proofs(self, log: str, tick: Tick) -> int:
        """Holds each entry of a customer's against its proof; how many are sealed."""
        proofs = {each.position: each for each in self._proofs() if each.seal.log == log}
        walk = _Walk(self.entries(log), tick)
        for entry in walk.upto(None):
            proof = proofs.pop(entry.position, None)
            if proof is not None and not _proves(proof, entry):
                raise BundleDoesNotFit(f"the proof of {log} position {entry.position}")
            walk.sealed += proof is not None
        if proofs:
            raise BundleDoesNotFit(f"{log} position {min(proofs)} is proven, and not there")
        self._check_span(log, self.manifest.spans.get(log), walk)
        return walk.sealed

    def _proofs(self) -> Iterator[Proof]:
        with (self.folder / "proofs.jsonl").open("rb") as opened:
            for text in opened:
                proof = _PROOFS.decode(text)
                self._keys.add(proof.seal.key)
                yield proof

    def _check_span(self, log: str, span: Span | None, walk: _Walk) -> None:
        if (walk.span or None) != span:
            raise BundleDoesNotFit(f"the {log} has other positions than the manifest says")

    def _fingerprint(self) -> str | None:
        """That of the rows its events come to; None of a part, or where the tables are others."""
        manifest = self.manifest
        if manifest.kind != "whole" or manifest.shape != shape(PROJECTIONS):
            return None
        folding = Folding(PROJECTIONS)
        for entry in self.entries("ledger"):
            folding.fold([(entry.position, entry.topic, entry.state)])
        found = fingerprint(folding.rows)
        if found != manifest.fingerprint:
            raise BundleDoesNotFit(f"its events come to rows with the fingerprint {found}")
        return found


class _Walk:
    """One walk over entries, which are in the order of their positions."""

    def __init__(self, entries: Iterator[Entry], tick: Tick) -> None:
        self._entries = entries
        self._tick = tick
        self._next = next(entries, None)
        self.entries = 0
        self.sealed = 0
        self.span: Span | None = None

    def upto(self, last: int | None) -> Iterator[Entry]:
        """The next entries, those at `last` included; None: all."""
        while self._next is not None and (last is None or self._next.position <= last):
            entry, self._next = self._next, next(self._entries, None)
            self._note(entry.position)
            yield entry

    def _note(self, position: int) -> None:
        if self.span is not None and position <= self.span.last:
            raise BundleDoesNotFit(f"position {position} comes after {self.span.last}")
        first = self.span.first if self.span else position
        self.entries += 1
        self.span = Span(first, position, self.entries)
        self._tick(1)


def _is_sound(seal: Seal, sheet: Sheet, log: str, number: int, before: Seal | None) -> bool:
    continues = before is None or (seal.number, seal.previous) == (before.number + 1, before.hash)
    begins = number != 1 or seal.previous == BEGINNING
    is_named = (seal.log, seal.number) == (log, number)
    return seal.signature_fits and seal.closes(sheet) and continues and begins and is_named


def _proves(proof: Proof, entry: Entry) -> bool:
    seal = proof.seal
    try:
        path = [bytes.fromhex(each) for each in proof.path]
    except ValueError:
        return False
    root = climbed(leaf(entry.position, entry.digest), proof.index, seal.count, path)
    is_within = 0 <= proof.index < seal.count and seal.first <= entry.position <= seal.last
    return root is not None and root.hex() == seal.root and is_within and seal.signature_fits


_PROOFS = msgspec.json.Decoder(Proof)
