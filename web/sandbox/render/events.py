"""Facts as event bodies: the envelope, the object and what it was before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
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
        yield memories[endpoint.at(fact.at)].event(fact)


def sent(facts: Sequence[Fact], endpoint: Timeline) -> list[Fact]:
    """The facts an endpoint has events for."""
    return [fact for fact in facts if is_sent(fact.type, endpoint.at(fact.at))]


def made_up(request: str | None) -> str | None:
    """The application's own key for the call, made from Stripe's name for it."""
    return None if request is None else "key-" + request.removeprefix("req_").lower()


class Memory:
    """The newest rendering of each object: the next event of the object needs it as `before`.

    `key` gives the application's own key for a call.
    """

    def __init__(
        self, api_version: str, context: Context, key: Callable[[str | None], str | None] = made_up
    ) -> None:
        self.version = api_version
        self._context = context
        self._key = key
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

    def event(self, fact: Fact) -> dict[str, Any]:
        """The event that tells a fact."""
        event: dict[str, Any] = {
            "id": fact.id,
            "object": "event",
            "api_version": self.version,
            "created": fact.at,
            "data": self._data(fact),
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": fact.request, "idempotency_key": self._key(fact.request)},
            "type": fact.type,
        }
        return {**event, "account": fact.noun.account} if fact.noun.account else event

    def _data(self, fact: Fact) -> dict[str, Any]:
        tells = fact.type.endswith(".updated") or fact.type in TELLS_BEFORE
        if not tells or fact.before is None:
            return {"object": self.render(fact.noun, fact.at)}
        before = self.render(fact.before, fact.at)
        after = self.render(fact.noun, fact.at)
        return {"object": after, "previous_attributes": previous_attributes(before, after)}
