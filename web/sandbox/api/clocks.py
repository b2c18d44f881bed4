"""/v1/test_helpers/test_clocks: there is one clock, the world's, however many are made of it."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.api.problems import needed, wrong
from web.sandbox.truth.clocks import Clock, advanced, set_up


def create(asked: Asked) -> Clock:
    """A clock. A time to come moves the world there, one gone by becomes now."""
    wanted = _time(asked)
    _move(asked, max(wanted, asked.truth.now))
    return set_up(asked.truth, asked.account, asked.params.text("name"))


def advance(asked: Asked) -> Clock:
    """Lets time pass for the whole world. Raises Problem for a time gone by."""
    clock, wanted = asked.named(Clock, "test clock"), _time(asked)
    if wanted <= clock.frozen_at:
        message = "The frozen time of a test clock can only be advanced to a later time."
        raise wrong("frozen_time", message)
    asked.truth.change(clock, "test_helpers.test_clock.advancing", status="advancing")
    _move(asked, max(wanted, asked.truth.now))
    return advanced(asked.truth, clock)


def retrieve(asked: Asked) -> Clock:
    """One clock."""
    return asked.named(Clock, "test clock")


def listing(asked: Asked) -> Listing:
    """All clocks."""
    return Listing(list(asked.all(Clock)))


def _time(asked: Asked) -> int:
    wanted = asked.params.number("frozen_time")
    if wanted is None:
        raise needed("frozen_time")
    return wanted


def _move(asked: Asked, until: int) -> None:
    """What falls due on the way is Stripe's own doing, not the call's."""
    request, asked.truth.request = asked.truth.request, None
    asked.world.move(until - asked.truth.now)
    asked.truth.request = request


ROUTES = (
    Route("POST", "/v1/test_helpers/test_clocks", create, "frozen_time name"),
    Route("GET", "/v1/test_helpers/test_clocks", listing, lists=True),
    Route("GET", "/v1/test_helpers/test_clocks/<id_>", retrieve),
    Route("POST", "/v1/test_helpers/test_clocks/<id_>/advance", advance, "frozen_time"),
)
