"""What `billing export` and `import` say of a bundle: lines for people, the whole for machines."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from ledger.sealing.seal import LOGS
from replay.bundles.check import Checked
from replay.bundles.importing import Taken
from replay.bundles.manifest import Kind, Manifest

COUNTED = "{inbox} deliveries, {ledger} events, {reactions} events of reactions"


class Found(msgspec.Struct, frozen=True):
    """What a bundle holds, and how many entries of it seals or proofs show, both by log.

    `dismissed` are the reactions that were open; None where the bundle was only checked.
    """

    kind: Kind
    entries: dict[str, int]
    sealed: dict[str, int]
    keys: tuple[str, ...]
    fingerprint: str | None
    dismissed: int | None = None

    @classmethod
    def of(cls, checked: Checked) -> Found:
        """Of a bundle that was checked."""
        manifest = checked.manifest
        entries = _entries(manifest)
        return cls(manifest.kind, entries, checked.sealed, checked.keys, checked.fingerprint)

    def imported(self, taken: Taken) -> Found:
        """The same once it was taken in."""
        return replace(self, fingerprint=taken.fingerprint, dismissed=taken.dismissed)

    def lines(self) -> Iterator[str]:
        """For people."""
        yield COUNTED.format(**self.entries)
        yield f"sealed: {', '.join(map(str, self.sealed.values()))} of them"
        yield f"signed by {', '.join(self.keys)}"
        if self.dismissed is None:
            yield "the bundle fits its seals and its manifest"
        else:
            yield f"reactions that waited or were parked and are dismissed here: {self.dismissed}"
            yield f"imported, fingerprint {self.fingerprint}"


def exported(manifest: Manifest) -> Iterator[str]:
    """Of a bundle that was written, for people."""
    yield COUNTED.format(**_entries(manifest))
    yield f"a {manifest.kind} bundle of {len(manifest.files)} files, signed by {manifest.key}"
    if manifest.fingerprint:
        yield f"fingerprint {manifest.fingerprint}"


def _entries(manifest: Manifest) -> dict[str, int]:
    return {log: manifest.spans[log].count if log in manifest.spans else 0 for log in LOGS}
