"""What a check found, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal, TypeVar

import msgspec

Level = Literal["good", "odd", "wrong"]

S = TypeVar("S")


class Finding(msgspec.Struct, frozen=True):
    """`wrong` loses or refuses something, `odd` may be meant; `remedy` says what to do."""

    subject: str
    level: Level
    said: str
    remedy: str = ""


Check = Callable[[S], Finding]


def good(subject: str, said: str) -> Finding:
    """All is as it should be."""
    return Finding(subject, "good", said)


def odd(subject: str, said: str, remedy: str) -> Finding:
    """It works, and somebody should know."""
    return Finding(subject, "odd", said, remedy)


def wrong(subject: str, said: str, remedy: str) -> Finding:
    """It will not work, or not safely."""
    return Finding(subject, "wrong", said, remedy)


def examined(subject: S, checks: Iterable[Check[S]]) -> Iterator[Finding]:
    """What each of `checks` finds."""
    return (check(subject) for check in checks)
