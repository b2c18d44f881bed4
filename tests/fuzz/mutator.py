"""Changes sound events into unsound ones: values that cannot be, fields gone, moved or repeated."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from copy import deepcopy
from random import Random
from typing import Any

MAX = 2**63 - 1
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 7, 0.5, -0.0, 1e308, 10**30),
    *(MAX, MAX + 1, -MAX, 2**31, 2**53, 253_402_300_799, 253_402_300_800, 32_503_680_000),
    *("", " ", "0", "-5", "1e3", "٣", "\0", "a\0b", "\ud800", "\N{GRINNING FACE}", "x" * 300),
    *("u" * 3000, "NaN", "usd", "jpy", "zzz", "paid", "active", "canceled", "succeeded", "lost"),
    *([], {}, [[]], [{}], {"id": "x"}, {"data": []}, {"data": [None]}, {"object": "list"}),
    *("cus_1", "pi_1", "sub_1", "in_1", "cs_1", "ch_1", "in_%2F", "pi/../x", "evt_1\n"),
)

LINKS = frozenset(
    (
        *("id", "customer", "subscription", "invoice", "payment_intent", "charge", "payment"),
        *("parent", "order_reference"),
    )
)
"""Fields by which objects name each other; Stripe does not change its mind about most of them."""

LONE = b"\\ud800"  # half a character: no JSON the endpoint takes

Change = Callable[[Random, Any, Any], None]
"""(random, a list or dict, one of its keys) -> changes that entry."""


class Mutator:
    """Endless unsound events, the same ones for the same seed."""

    def __init__(self, seed: int, bodies: Sequence[bytes]) -> None:
        self._random = Random(f"{seed}:fuzz")
        self._bodies = bodies
        self._types = sorted({json.loads(body)["type"] for body in bodies})
        self._count = 0

    def event(self, kept: frozenset[str] = frozenset()) -> bytes:
        """An event with an envelope that can be read, about an object that maybe cannot.

        Fields whose name is in `kept`, and what is in them, stay as they are.
        """
        random = self._random
        event = json.loads(random.choice(self._bodies))
        for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
            self._change(event.get("data"), kept)
        if random.random() < 0.1:
            event["type"] = random.choice(self._types)
        if random.random() < 0.05:
            event["created"] = random.choice((0, 1, 1_790_000_000, 32_503_679_999))
        self._count += 1
        event.update(id=f"evt_{self._count}", livemode=False, object="event")
        body = json.dumps(event).encode()
        return body if LONE not in body else self.event(kept)

    def body(self) -> bytes:
        """Any bytes that may be posted, events among them."""
        random = self._random
        event = json.loads(random.choice(self._bodies))
        for _ in range(random.choice((0, 1, 2, 3))):
            self._change(event)
        body = json.dumps(event, ensure_ascii=random.random() < 0.5)
        return self._bytes(body.encode(errors="surrogatepass"))

    def _change(self, tree: Any, kept: frozenset[str] = frozenset()) -> None:
        places = _places(tree, kept)
        if places:
            holder, key = self._random.choice(places)
            self._random.choice(CHANGES)(self._random, holder, key)

    def _bytes(self, body: bytes) -> bytes:
        random = self._random
        if random.random() < 0.7:
            return body
        at = random.randrange(len(body))
        rest = random.choice((b"", body[at:], body[at + 1 :], random.randbytes(3) + body[at + 1 :]))
        return body[:at] + rest


def _places(tree: Any, kept: frozenset[str]) -> list[tuple[Any, Any]]:
    """The entries of a tree that may change: the list or dict that holds each, and its key."""
    found: list[tuple[Any, Any]] = []
    waiting = [tree]
    while waiting:
        holder = waiting.pop()
        keys = list(holder) if isinstance(holder, dict) else list(range(len(holder or ())))
        keys = [key for key in keys if key not in kept]
        found += ((holder, key) for key in keys)
        waiting += (holder[key] for key in keys if isinstance(holder[key], dict | list))
    return found


def _replace(random: Random, holder: Any, key: Any) -> None:
    holder[key] = deepcopy(random.choice(ODD))  # else one input's change is in the next one's


def _remove(_: Random, holder: Any, key: Any) -> None:
    del holder[key]


def _nudge(random: Random, holder: Any, key: Any) -> None:
    """A number a little or a lot off, or a text with an odd end."""
    value = holder[key]
    if isinstance(value, int):
        holder[key] = value + random.choice((-1, 1, -value * 2, 86_400, 2**40))
    elif isinstance(value, str):
        holder[key] = value + random.choice(("", "x", "\0", "\ud800", "\N{GRINNING FACE}"))


def _wrap(random: Random, holder: Any, key: Any) -> None:
    holder[key] = random.choice(([holder[key]], {"id": holder[key]}, str(holder[key])))


def _repeat(random: Random, holder: Any, key: Any) -> None:
    """What stands somewhere beside it."""
    other = random.choice(list(holder) if isinstance(holder, dict) else range(len(holder)))
    holder[key] = deepcopy(holder[other])


CHANGES: tuple[Change, ...] = (_replace, _replace, _remove, _nudge, _nudge, _wrap, _repeat)
