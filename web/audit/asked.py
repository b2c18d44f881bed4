"""What an address asks for: words, positions and moments, each within bounds."""

from __future__ import annotations

from datetime import datetime

from flask import request

from ledger.errors import Refusal
from replay.cut import Cut, effective_at, known_at, known_by
from replay.moments import moment
from replay.past import Past

LONGEST_WORD = 300
MOST_DIGITS = 18
KNOWN, EFFECTIVE = "known", "effective"


class NotAsked(Refusal):
    """What an address says makes no sense."""

    def __init__(self, name: str, wanted: str) -> None:
        super().__init__(f"{name} has to be {wanted}")


def asked(name: str) -> str:
    """A word. Raises NotAsked for none, or a very long one."""
    word = request.args.get(name, "").strip()
    if not word or len(word) > LONGEST_WORD or "\0" in word:
        raise NotAsked(name, f"a word of at most {LONGEST_WORD} letters")
    return word


def position(name: str) -> int:
    """A position of the Ledger, 0 where none is said. Raises NotAsked."""
    text = request.args.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS):
        raise NotAsked(name, "a position, such as 123")
    return int(text)


def cut(past: Past, name: str, by: str, now: datetime, default: str = "now") -> Cut:
    """The cut through history a moment names, as it was known then or is known now.

    Raises NotAsked.
    """
    text = request.args.get(name, "").strip()
    try:
        found = moment(text or default, now)
    except (ValueError, OverflowError):
        raise NotAsked(name, "a day, a time, @POSITION or now") from None
    if isinstance(found, int):
        if by == EFFECTIVE:
            raise NotAsked(name, "a time: a position says when we knew")
        return known_by(past, found)
    return effective_at(past, found) if by == EFFECTIVE else known_at(past, found)


def by() -> str:
    """Whether a moment means what was known then, or what is known now to have been."""
    return EFFECTIVE if request.args.get("by") == EFFECTIVE else KNOWN
