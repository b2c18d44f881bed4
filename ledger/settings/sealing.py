"""The settings of seals: the key, how often, and where they are written besides."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import msgspec

from ledger.settings.values import WrongSetting, whole


class Sealing(msgspec.Struct, frozen=True):
    """How seals are made: with which key, how often, and where they are written besides.

    `trusted_keys` are public keys in hex whose seals are believed.
    """

    key: str | None = None
    key_file: Path | None = None
    folder: Path | None = None
    trusted_keys: tuple[str, ...] = ()
    most_events: int = 10_000
    most_seconds: int = 3_600

    @property
    def has_key(self) -> bool:
        return self.key is not None or self.key_file is not None

    def __repr__(self) -> str:
        return f"Sealing(folder={self.folder}, trusted_keys={self.trusted_keys})"


def sealing(env: Mapping[str, str]) -> Sealing:
    """The settings of seals. Raises WrongSetting."""
    key = env.get("BILLING_SEAL_KEY") or None
    if key is not None and not _HEX_KEY.fullmatch(key):
        raise WrongSetting("BILLING_SEAL_KEY", "64 hexadecimal digits, in lower case")
    trusted = env.get("BILLING_SEAL_TRUSTED_KEYS") or None
    trusted_keys = tuple(each.strip() for each in trusted.split(",")) if trusted else ()
    if not all(map(_HEX_KEY.fullmatch, trusted_keys)):
        raise WrongSetting("BILLING_SEAL_TRUSTED_KEYS", "public keys of 64 hexadecimal digits")
    key_file, folder = env.get("BILLING_SEAL_KEY_FILE"), env.get("BILLING_SEAL_DIR")
    return Sealing(
        key=key,
        key_file=Path(key_file) if key_file else None,
        folder=Path(folder) if folder else None,
        trusted_keys=trusted_keys,
        most_events=whole(env, "BILLING_SEAL_EVENTS", 10_000, 1, 100_000),
        most_seconds=whole(env, "BILLING_SEAL_SECONDS", 3_600, 1, 31_622_400),
    )


_HEX_KEY = re.compile("[0-9a-f]{64}")
