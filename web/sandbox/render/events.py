"""Facts as event bodies: the envelope, the object and what it was before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from web.sandbox.render.context import Context
from web.sandbox.render.objects import render
from web.sandbox.render.previous import previous_attributes
from web.sandbox.render.types import is_sent
from web.sandbox.render.versions import check
from web.sandbox.truth.timeline import Timeline
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Fact

REMEMBERED = 2000
"""Objects kept rendered: enough to render most of them once, and little memory."""
TELLS_BEFORE = ("charge.refunded",)
"""Types with `previous_attributes`, besides all that end in `.updated`."""


def render_all(facts: Sequence[Fact], endpoint: Timeline) -> Iterator[dict[str, Any]]:
    """Each fact as the event an endpoint is sent for it; raises `UnknownVersion`."""
    for version in endpoint.versions:
        check(version)
    context = Context(facts)
    memories = {version: Memory(version, context) for version in endpoint.versions}
    for fact in sent(facts, endpoint):
        yield _event(memories[endpoint.at(fact.at)], fact)


def sent(facts: Sequence[Fact], endpoint: Timeline) -> list[Fact]:
    """The facts an endpoint has events for."""
    return [fact for fact in facts if is_sent(fact.type, endpoint.at(fact.at))]


class Memory:
    """The newest rendering of each object: the next event of the object needs it as `before`."""

    def __init__(self, api_version: str, context: Context) -> None:
        self.version = api_version
        self._context = context
        self._last: dict[str, tuple[Noun, dict[str, Any]]] = {}

    def render(self, noun: Noun, at: int) -> dict[str, Any]:
        """The object, as told by this API version at this moment."""
        kept = self._last.get(noun.id)
        if kept is not None and kept[0] is noun:
            return kept[1]
        rendered = render(noun, self.version, self._context, at)
        self._last.pop(noun.id, None)
        self._last[noun.id] = (noun, rendered)
        if len(self._last) > REMEMBERED:
            del self._last[next(iter(self._last))]
        return rendered


def _event(memory: Memory, fact: Fact) -> dict[str, Any]:
    event: dict[str, Any] = {
        "id": fact.id,
        "object": "event",
        "api_version": memory.version,
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
        return {"object": memory.render(fact.noun, fact.at)}
    before = memory.render(fact.before, fact.at)
    after = memory.render(fact.noun, fact.at)
    return {"object": after, "previous_attributes": previous_attributes(before, after)}


def _key(request: str | None) -> str | None:
    """The application's own key for the call, made from Stripe's name for it."""
    return None if request is None else "key-" + request.removeprefix("req_").lower()
