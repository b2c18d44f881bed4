"""Single values of the environment: read, checked, and named when they are wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from ledger.errors import SettingsError

LOOPBACK = ("localhost", "127.0.0.1", "::1")


class MissingSetting(SettingsError):
    def __init__(self, name: str, need: str) -> None:
        super().__init__(f"{name} is not set: {need}")


class WrongSetting(SettingsError):
    """The value is never repeated: it may be a secret."""

    def __init__(self, name: str, need: str) -> None:
        super().__init__(f"{name} is wrong: {need}")


def choice(env: Mapping[str, str], name: str, default: str, choices: Mapping[str, bool]) -> bool:
    """What one of a few words means."""
    given = env.get(name) or default
    if given not in choices:
        raise WrongSetting(name, " or ".join(choices))
    return choices[given]


def whole(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number within bounds."""
    text = env.get(name) or str(default)
    if not (re.fullmatch(r"[0-9]{1,9}", text) and least <= int(text) <= most):
        raise WrongSetting(name, f"a whole number from {least} to {most}")
    return int(text)


def parts_of(name: str, url: str, need: str) -> SplitResult:
    """The parts of an address."""
    try:
        return urlsplit(url)
    except ValueError:
        raise WrongSetting(name, need) from None


def port_of(name: str, parts: SplitResult, need: str) -> int | None:
    """The port an address names, if it does."""
    try:
        return parts.port
    except ValueError:
        raise WrongSetting(name, need) from None
