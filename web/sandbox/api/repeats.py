"""Idempotency keys: a call repeated with its key is answered as before, and done once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from web.sandbox.api.problems import Problem, in_use, other_parameters

Answer = tuple[dict[str, Any], int]


@dataclass
class Done:
    """A call with a key: what was asked and, once it is known, the answer."""

    asked: object
    answer: Answer | None = None


class Repeats:
    """The calls made so far, by account and key."""

    def __init__(self) -> None:
        self._done: dict[tuple[str, str], Done] = {}
        self._lock = Lock()

    def once(
        self, key: tuple[str, str], asked: object, do: Callable[[], Answer]
    ) -> tuple[Answer, bool]:
        """The answer, and whether it is an old one. Raises Problem when the key was used for
        something else, or is being used at this moment."""
        with self._lock:
            begun = Done(asked)
            done = self._done.setdefault(key, begun)
        if done is begun:
            return self._first(key, done, do), False
        if done.asked != asked:
            raise other_parameters(key[1])
        if done.answer is None:
            raise in_use(key[1])
        return done.answer, True

    def _first(self, key: tuple[str, str], done: Done, do: Callable[[], Answer]) -> Answer:
        """Does it. What was not begun (a Problem is raised) may be tried again with the key."""
        try:
            done.answer = do()
        except BaseException:
            with self._lock:
                del self._done[key]
            raise
        return done.answer


def settled(do: Callable[[], dict[str, Any]]) -> Answer:
    """What came of a call that was begun, refusals included."""
    try:
        return do(), 200
    except Problem as problem:
        return {"error": problem.error}, problem.status
