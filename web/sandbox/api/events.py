"""GET /v1/events, /v1/events/:id and /v2/core/events/:id."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, request

from web.sandbox.api.problems import wrong
from web.sandbox.api.shelf import Event, Shelf, Wanted, page

T = TypeVar("T")

MOST = 100
BOOLEANS = {"true": True, "false": False}


def blueprint(shelf: Shelf) -> Blueprint:
    """The endpoints over one shelf."""
    routes = Blueprint("events", __name__)

    @routes.get("/v1/events")
    def listed() -> dict[str, Any]:
        asked = dict(request.args)
        limit = _taken(asked, "limit", _limit, 10)
        after, before = asked.pop("starting_after", None), asked.pop("ending_before", None)
        events, more = page(shelf.newest_first(_wanted(asked)), limit, after, before)
        told = [_told(event) for event in events]
        return {"object": "list", "data": told, "has_more": more, "url": "/v1/events"}

    @routes.get("/v1/events/<id_>")
    def one(id_: str) -> Event:
        return _told(shelf.one(id_, _account()))

    @routes.get("/v2/core/events/<id_>")
    def thin(id_: str) -> Event:
        return shelf.thin(id_, _account())

    return routes


def _told(event: Event) -> Event:
    """To the account itself an event does not name the account."""
    return {name: value for name, value in event.items() if name != "account"}


def _account() -> str:
    headers = request.headers
    return headers.get("Stripe-Account") or headers.get("Stripe-Context") or ""


def _wanted(asked: dict[str, str]) -> Wanted:
    """Takes the conditions out of the query. Raises Problem for what is no condition."""
    wanted = Wanted(
        account=_account(),
        since=_taken(asked, "created[gte]", int, 0),
        until=_taken(asked, "created[lte]", int, 2**53),
        types=[asked.pop(name) for name in list(asked) if re.fullmatch(r"types\[\d*\]", name)],
        delivered=_taken(asked, "delivery_success", BOOLEANS.__getitem__, None),
    )
    for name in asked:
        raise wrong(name, f"Received unknown parameter: {name}")
    return wanted


def _taken(asked: dict[str, str], name: str, read: Callable[[str], T], default: T) -> T:
    text = asked.pop(name, None)
    try:
        return default if text is None else read(text)
    except (ValueError, KeyError) as problem:
        raise wrong(name, f"Invalid value for {name}: {text}") from problem


def _limit(text: str) -> int:
    if not 1 <= int(text) <= MOST:
        raise ValueError(text)
    return int(text)
