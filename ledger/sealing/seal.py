"""A seal: one signed line of JSON that closes a stretch of a log and continues the seal before."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Literal

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from msgspec.structs import replace

from ledger.sealing.keys import SealKey
from ledger.sealing.sheet import Sheet

FORM: Literal["billing-seal/1"] = "billing-seal/1"
LOGS = ("inbox", "ledger", "reactions")
BEGINNING = "0" * 64
"""In the place of the hash of a seal before the first."""


class Seal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Hashes, key and signature in hex; positions from `first` to `last` are `count` in all.

    `previous` is the SHA-256 of the whole line of the seal before, `key` the public key that
    checks the signature, which is over the line without the field `signature`.
    """

    form: Literal["billing-seal/1"] = FORM
    log: str
    number: int
    first: int
    last: int
    count: int
    previous: str
    root: str
    sealed_at: str
    key: str
    signature: str = ""

    @property
    def line(self) -> str:
        """Canonical: keys in order, no spaces, ASCII only."""
        return _encode(self).decode()

    @property
    def hash(self) -> str:
        """What the next seal names as its previous one."""
        return sha256(self.line.encode()).hexdigest()

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self.sealed_at)

    @property
    def signature_fits(self) -> bool:
        """Whether the seal's own key signed it; whose key that is has to be known otherwise."""
        return signature_fits(self.key, self.signature, unsigned(self))

    def closes(self, sheet: Sheet) -> bool:
        """Whether the root commits to this very sheet."""
        return (
            len(sheet) == self.count > 0
            and (sheet.first, sheet.last) == (self.first, self.last)
            and sheet.root() == self.root
        )


def sealed(log: str, before: Seal | None, sheet: Sheet, key: SealKey, now: datetime) -> Seal:
    """The seal over `sheet` that follows `before`."""
    seal = Seal(
        log=log,
        number=before.number + 1 if before else 1,
        first=sheet.first,
        last=sheet.last,
        count=len(sheet),
        previous=before.hash if before else BEGINNING,
        root=sheet.root(),
        sealed_at=now.astimezone(UTC).isoformat(timespec="milliseconds"),
        key=key.public,
    )
    return replace(seal, signature=key.sign(unsigned(seal)))


def read_seal(line: str) -> Seal | None:
    """The seal a line holds; None unless it is one, in canonical form."""
    try:
        seal = _DECODER.decode(line)
        assert seal.time.tzinfo is not None
    except (msgspec.MsgspecError, ValueError, AssertionError):
        return None
    return seal if seal.line == line else None


def unsigned(signed: msgspec.Struct) -> bytes:
    """The canonical line without the signature: what is signed."""
    fields = msgspec.to_builtins(signed)
    del fields["signature"]
    return _encode(fields)


def signature_fits(key: str, signature: str, message: bytes) -> bool:
    """Whether `signature` over `message` is by the owner of `key`; all but the message in hex."""
    try:
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
        public.verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


_encode = msgspec.json.Encoder(order="sorted").encode
_DECODER = msgspec.json.Decoder(Seal)
