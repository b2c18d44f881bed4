"""Answers as JSON: in the version asked for, page by page, expanded where that is asked for."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from web.sandbox.api.asked import Answered, Asked, Json, Listing
from web.sandbox.api.params import Params
from web.sandbox.api.problems import missing, wrong
from web.sandbox.render.objects import render
from web.sandbox.render.transactions import balance_transaction
from web.sandbox.truth.transactions import BalanceTransaction
from web.sandbox.truth.view import Noun

MOST = 100

Included = Callable[[Asked, Json], Any]
"""Makes a field that an object has only when it is asked for, from the object as rendered."""


def answer(asked: Asked, found: Answered, url: str, included: dict[str, Included]) -> Json:
    """The JSON of what was found. `included` is by `kind of object.field`."""
    told = _page(asked, found, url) if isinstance(found, Listing) else shown(asked, found)
    for path in asked.params.texts("expand"):
        told = _expand(asked, told, path.split("."), path, included)
    return told


def shown(asked: Asked, found: Noun | Json) -> Json:
    """An object as the caller's version shows it now."""
    if not isinstance(found, Noun):
        return found
    newest = asked.truth.fresh(found)
    if isinstance(newest, BalanceTransaction):
        return balance_transaction(newest, asked.truth.now)
    return render(newest, asked.version, asked.world.context, asked.truth.now)


def listed(nouns: list[Json], url: str, more: bool = False) -> Json:
    """A list as Stripe shows one."""
    return {"object": "list", "data": nouns, "has_more": more, "url": url}


def _page(asked: Asked, found: Listing, url: str) -> Json:
    limit = asked.params.number("limit")
    if limit is not None and not 1 <= limit <= MOST:
        raise wrong("limit", f"Invalid limit: {limit}")
    within = [
        noun for noun in found.nouns if _is_within(noun.created, asked.params.part("created"))
    ]
    wanted, more = _cut(asked, list(reversed(within)), limit or 10)
    return listed([shown(asked, noun) for noun in wanted], url, more)


COMPARED: dict[str, Callable[[int, int], bool]] = {
    "gt": operator.gt,
    "gte": operator.ge,
    "lt": operator.lt,
    "lte": operator.le,
}


def _is_within(created: int, bounds: Params) -> bool:
    """Whether a moment (Unix seconds) lies within `created[gte]` and the like."""
    limits = ((compare, bounds.number(name)) for name, compare in COMPARED.items())
    return all(limit is None or compare(created, limit) for compare, limit in limits)


def _cut(asked: Asked, newest_first: list[Noun], limit: int) -> tuple[list[Noun], bool]:
    after, before = asked.params.text("starting_after"), asked.params.text("ending_before")
    if before is not None:
        newer = newest_first[: _place(newest_first, before, "ending_before")]
        return newer[-limit:], len(newer) > limit
    start = 0 if after is None else _place(newest_first, after, "starting_after") + 1
    older = newest_first[start:]
    return older[:limit], len(older) > limit


def _place(nouns: list[Noun], key: str, parameter: str) -> int:
    for place, noun in enumerate(nouns):
        if noun.id == key:
            return place
    raise missing("object", key, parameter)


def _expand(
    asked: Asked, told: Any, steps: list[str], path: str, included: dict[str, Included]
) -> Any:
    """The rendering with what the steps lead to in place of its id."""
    if isinstance(told, list):
        return [_expand(asked, each, steps, path, included) for each in told]
    if not steps or told is None:
        return told
    make = included.get(f"{told.get('object')}.{steps[0]}")
    if steps[0] not in told and make is None:
        message = f"This property cannot be expanded ({path})."
        raise wrong("expand", message)
    inner = make(asked, told) if make else _whole(asked, told[steps[0]])
    return {**told, steps[0]: _expand(asked, inner, steps[1:], path, included)}


def _whole(asked: Asked, value: Any) -> Any:
    if isinstance(value, list):
        return [_whole(asked, each) for each in value]
    noun = asked.truth.any_of(value) if isinstance(value, str) else None
    return value if noun is None else shown(asked, noun)
