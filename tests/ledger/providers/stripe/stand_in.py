"""The stand-in for Stripe's API, served over HTTP on a free port while a test runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from ledger.providers.stripe.gateway import StripeGateway
from tests.ledger.providers.stripe.objects import NOW, Json
from tests.system.patience import until
from web.sandbox.api import Failures, Shelf, create_api
from web.sandbox.api.failures import Call
from web.sandbox.api.problems import missing

SECRET = "hunter2"
KEY = f"sk_test_{SECRET}"


class Quiet(WSGIRequestHandler):
    """Keeps what is asked for out of the log."""

    def log(self, type: str, message: str, *args: Any) -> None:
        """Nothing: the stand-in notes its calls itself."""


class Holding(Failures):
    """Failures, and how many calls are answered: those beyond wait until more may be."""

    upto: int | None = None

    def meet(self, call: Call) -> int | None:
        status, number = super().meet(call), len(self.calls)
        until(lambda: self.upto is None or number <= self.upto, "more to be answered")
        return status


@dataclass
class StandIn:
    """What it shows, how it fails and what it was asked, and where it is."""

    shelf: Shelf
    movements: dict[tuple[str, str], Json] = field(default_factory=dict)
    url: str = ""
    failures: Holding = field(default_factory=Holding)
    _gateways: list[StripeGateway] = field(default_factory=list)

    def gateway(self, key: str = KEY, retries: int = 0) -> StripeGateway:
        """A gateway to it, which is closed with it."""
        self._gateways.append(StripeGateway(key, self.url, retries))
        return self._gateways[-1]

    def movement(self, key: str) -> Json:
        """A balance transaction by account and id; with its source only where it is asked for."""
        asked = self.failures.calls[-1]
        account = asked.headers.get("Stripe-Account", "")
        if (account, key) not in self.movements:
            raise missing("balance transaction", key)
        moved = self.movements[account, key]
        return (
            moved
            if asked.path.endswith("expand%5B0%5D=source")
            else {**moved, "source": moved["source"]["id"]}
        )

    @property
    def asked(self) -> list[str]:
        """The paths with queries it was asked, in order."""
        return [call.path for call in self.failures.calls]

    def close(self) -> None:
        for gateway in self._gateways:
            gateway.close()


@contextmanager
def stand_in(
    events: Iterable[dict[str, Any]] = (), now: Callable[[], float] = lambda: NOW
) -> Iterator[StandIn]:
    """A stand-in with these events, the oldest first."""
    found = StandIn(Shelf(events, now))
    app = create_api(found.shelf, found.failures)
    app.add_url_rule("/v1/balance_transactions/<key>", view_func=found.movement)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    found.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield found
    finally:
        found.close()
        server.shutdown()
        thread.join()
        server.server_close()
