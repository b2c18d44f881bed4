"""The manifest of a bundle: what it holds, by which choice, and the hash of every file, signed."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import msgspec
from msgspec.structs import replace

from ledger.errors import LedgerError
from ledger.sealing.keys import SealKey
from ledger.sealing.seal import signature_fits, unsigned

NAME = "manifest.json"
Kind = Literal["whole", "period", "customer"]


class NoBundle(LedgerError):
    def __init__(self, folder: Path, problem: str) -> None:
        super().__init__(f"{folder} is no bundle: {problem}")


class File(msgspec.Struct, frozen=True):
    """One file, by its path in the bundle; the hash is SHA-256 in hex."""

    name: str
    sha256: str
    size_bytes: int


class Span(msgspec.Struct, frozen=True):
    """The positions of a log among which the bundle has all, or of a customer's, some."""

    first: int
    last: int
    count: int


class Manifest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`begin` and `end` bound a period, `end` itself left out; `spans` by log, none if empty.

    `followers` are how far the workers were, `fingerprint` is that of all rows the events come to
    when they are folded into tables of `shape`; both of a whole ledger only.
    """

    form: Literal["billing-bundle/1"] = "billing-bundle/1"
    kind: Kind
    made_at: datetime
    customer: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    spans: dict[str, Span]
    followers: dict[str, int] = {}
    fingerprint: str | None = None
    shape: str
    files: list[File]
    key: str
    signature: str = ""

    def signed(self, key: SealKey) -> Manifest:
        """The same with its signature."""
        return replace(self, signature=key.sign(unsigned(self)))

    def write(self, folder: Path) -> None:
        """Last of all: without it a bundle is unfinished."""
        text = msgspec.json.format(msgspec.json.encode(self, order="sorted"))
        (folder / NAME).write_bytes(text + b"\n")

    @classmethod
    def read(cls, folder: Path) -> Manifest:
        """The manifest in a folder, its signature checked. Raises NoBundle."""
        try:
            manifest = msgspec.json.decode((folder / NAME).read_bytes(), type=cls)
        except OSError as error:
            raise NoBundle(folder, f"there is no {NAME}") from error
        except msgspec.MsgspecError as error:
            raise NoBundle(folder, f"its {NAME} cannot be read: {error}") from error
        if not signature_fits(manifest.key, manifest.signature, unsigned(manifest)):
            raise NoBundle(folder, f"the signature of its {NAME} does not fit")
        return manifest
