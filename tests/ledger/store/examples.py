"""Stored events to try things with, and threads to try them in."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from eventsourcing.persistence import StoredEvent

Result = TypeVar("Result")
Input = TypeVar("Input")

TOPIC = "example"


def stored_event(
    stream: str, version: int = 1, state: bytes = b"{}", topic: str = TOPIC
) -> StoredEvent:
    return StoredEvent(stream, version, topic, state)


def at_once(action: Callable[[Input], Result], inputs: Iterable[Input]) -> list[Result]:
    """What `action` gives for each input, every one in a thread of its own."""
    todo = list(inputs)
    with ThreadPoolExecutor(max_workers=len(todo)) as pool:
        return list(pool.map(action, todo))


def outcome(action: Callable[[], object]) -> str:
    """`stored`, or the name of the error."""
    try:
        action()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is the outcome
        return type(error).__name__
    return "stored"
