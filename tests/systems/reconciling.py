"""`billing reconcile` run here: what it finds, what it repairs, and a Stripe that answers oddly."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import msgspec
from flask import Flask, Response, request

from tests.systems.calling import Json
from tests.systems.customers import Customer
from tests.systems.installation import Installation
from web.sandbox.api.server import serving

NOW = ("--in-flight-minutes", "0")


def planned(house: Installation, who: Customer) -> Customer:
    """Somebody with a paid plan, all of which is in the tables."""
    plan_id = house.new_id("plan")
    terms = {"name": "Plan", "price": {"minor": 900, "currency": "usd"}, "interval": "month"}
    house.call(f"PUT catalog/plans/{plan_id}", terms)
    who.call("POST subscriptions", {"plan_id": plan_id, "card_id": who.saves_card()})
    house.settle()
    return who


def without_events(path: str, answer: Json) -> Json:
    """Stripe lists events for thirty days only."""
    return {**answer, "data": [], "has_more": False} if path == "/v1/events" else answer


def lose(house: Installation, bea: Customer) -> None:
    """Somebody's subscription is cancelled, and no webhook says so."""
    subscription = bea.rows("subscriptions")[0]["subscription_id"]
    with house.mishaps(drop="9"):
        house.at_stripe(f"DELETE /v1/subscriptions/{subscription}")
    house.settle()


def kinds_that_differ(house: Installation) -> set[str]:
    return {each["kind"] for each in reconciled(house)["differences"]}


def reconciled(house: Installation, **settings: str) -> Json:
    result = house.run("reconcile", *NOW, "--json", **settings)
    assert result.stdout.startswith("{"), result.output
    found: Json = msgspec.json.decode(result.stdout)
    return found


def repair(house: Installation, **settings: str) -> Json:
    """All that differs, approved by its number, and worked off."""
    count = len(reconciled(house, **settings)["differences"])
    words = ("reconcile", *NOW, "--repair", "--yes", str(count), "--json")
    result = house.run(*words, **settings)
    assert result.exit_code == 0, result.output
    house.settle()
    done: Json = msgspec.json.decode(result.stdout)["repaired"]
    return done


def told(house: Installation) -> int:
    """How many deliveries there are."""
    count: int = house.finance("SELECT count(*) AS n FROM finance.deliveries")[0]["n"]
    return count


@contextmanager
def between(
    house: Installation,
    lies: Callable[[str, Json], Json],
    object_is_asked: Callable[[str], None] = lambda path: None,
    **asked: str | None,
) -> Iterator[str]:
    """Something that answers lists in Stripe's place, and not as Stripe does.

    Stripe is `asked` otherwise than it is itself.
    """
    app = Flask("between")

    @app.get("/<path:path>")
    def answer(path: str) -> Response:
        query = request.args.to_dict() | (asked if "limit" in request.args else {})
        given = urlencode({name: value for name, value in query.items() if value is not None})
        url = f"{house.settings.api_base}/{path}?{given}"
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in ("Authorization", "Stripe-Version", "Stripe-Account")
        }
        with urlopen(Request(url, headers=headers)) as found:  # noqa: S310 - the stand-in's address
            told: Any = json.load(found)
        if told.get("object") == "list":
            told = lies(f"/{path}", told)
        else:
            object_is_asked(f"/{path}")
        return Response(json.dumps(told), mimetype="application/json")

    with serving(app) as address:
        yield address
