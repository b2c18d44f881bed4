"""The key that signs seals: 32 secret bytes in hex, kept anywhere but in the database."""

from __future__ import annotations

import os
import re
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from ledger.errors import LedgerError
from ledger.settings import MissingSetting, Settings, WrongSetting


class KeyExists(LedgerError):
    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} exists already and is kept: a key is never overwritten")


class SealKey:
    """A private Ed25519 key; its repr shows the public half only."""

    def __init__(self, secret: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(secret))
        self.public = self._key.public_key().public_bytes_raw().hex()

    def sign(self, message: bytes) -> str:
        """The signature in hex."""
        return self._key.sign(message).hex()

    def __repr__(self) -> str:
        return f"SealKey(public={self.public})"


def seal_key(settings: Settings) -> SealKey | None:
    """The key the settings name, if they name one. Raises WrongSetting."""
    sealing = settings.sealing
    if sealing.key is not None:
        return SealKey(sealing.key)
    return None if sealing.key_file is None else _read(sealing.key_file)


def needed_seal_key(settings: Settings) -> SealKey:
    """The key the settings name. Raises MissingSetting when they name none."""
    key = seal_key(settings)
    if key is None:
        need = "the key that signs; `billing seal --new-key` makes a file with one"
        raise MissingSetting("BILLING_SEAL_KEY_FILE", need)
    return key


def new_key(file: Path) -> SealKey:
    """Makes a key and keeps it in `file`, for its owner only. Raises KeyExists."""
    secret = Ed25519PrivateKey.generate().private_bytes_raw().hex()
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyExists(file) from error
    with os.fdopen(handle, "w") as opened:
        opened.write(secret + "\n")
        opened.flush()
        os.fsync(opened.fileno())
    return SealKey(secret)


def _read(file: Path) -> SealKey:
    try:
        secret = file.read_text().strip()
    except (OSError, UnicodeDecodeError) as problem:
        need = f"a file we can read ({type(problem).__name__})"
        raise WrongSetting("BILLING_SEAL_KEY_FILE", need) from problem
    if not re.fullmatch("[0-9a-f]{64}", secret):
        raise WrongSetting("BILLING_SEAL_KEY_FILE", "a file with 64 hexadecimal digits")
    return SealKey(secret)
