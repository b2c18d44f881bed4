"""Facts as event bodies: the envelope, the object and what it was before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from web.sandbox.render.objects import render
from web.sandbox.render.previous import previous_attributes
from web.sandbox.render.versions import check
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Fact

REMEMBERED = 2000
"""Objects kept rendered: enough to render most of them once, and little memory."""
TELLS_BEFORE = ("charge.refunded",)
"""Types with `previous_attributes`, besides all that end in `.updated`."""


def render_all(facts: Iterable[Fact], api_version: str) -> Iterator[dict[str, Any]]:
    """Each fact as the event Stripe sends for it; raises `UnknownVersion`."""
    check(api_version)
    return map(partial(_event, Memory(api_version), api_version), facts)


class Memory:
    """The newest rendering of each object: the next event of the object needs it as `before`."""

    def __init__(self, api_version: str) -> None:
        self._version = api_version
        self._last: dict[str, tuple[Noun, dict[str, Any]]] = {}

    def render(self, noun: Noun) -> dict[str, Any]:
        """The object, as told by this API version."""
        kept = self._last.get(noun.id)
        if kept is not None and kept[0] is noun:
            return kept[1]
        rendered = render(noun, self._version)
        self._last.pop(noun.id, None)
        self._last[noun.id] = (noun, rendered)
        if len(self._last) > REMEMBERED:
            del self._last[next(iter(self._last))]
        return rendered


def _event(memory: Memory, api_version: str, fact: Fact) -> dict[str, Any]:
    event: dict[str, Any] = {
        "id": fact.id,
        "object": "event",
        "api_version": api_version,
        "created": fact.at,
        "data": _data(memory, fact),
        "livemode": False,
        "pending_webhooks": 1,
        "request": {"id": fact.request, "idempotency_key": _key(fact.request)},
        "type": fact.type,
    }
    return {**event, "account": fact.noun.account} if fact.noun.account else event


def _data(memory: Memory, fact: Fact) -> dict[str, Any]:
    tells = fact.type.endswith(".updated") or fact.type in TELLS_BEFORE
    if not tells or fact.before is None:
        return {"object": memory.render(fact.noun)}
    before = memory.render(fact.before)
    after = memory.render(fact.noun)
    return {"object": after, "previous_attributes": previous_attributes(before, after)}


def _key(request: str | None) -> str | None:
    """The application's own key for the call, made from Stripe's name for it."""
    return None if request is None else "key-" + request.removeprefix("req_").lower()
