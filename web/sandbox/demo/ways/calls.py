"""Two who call: an application that has an API key, and a payer at the stand-in for Stripe."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec

from ledger.errors import LedgerError

Json = dict[str, Any]

TIMEOUT_SECONDS = 60.0
PATIENCE_SECONDS = 300.0
POLL_SECONDS = 0.05
CARD = "pm_card_visa"
DECLINED = "pm_card_chargeDeclined"
DECLINED_LATER = "pm_card_chargeCustomerFail"  # can be saved, and pays nothing


class CallFailed(LedgerError):
    """The answer was an error; `status` and the `problem` document tell which."""

    def __init__(self, call: str, status: int, problem: Json) -> None:
        self.status = status
        self.problem = problem
        super().__init__(f"{call} was answered {status}: {problem}")


class NeverCame(LedgerError):
    def __init__(self, what: str) -> None:
        super().__init__(f"{what}: not within {PATIENCE_SECONDS:g} s")


class Application:
    """The application's own server: calls the ledger's API with its key."""

    def __init__(self, address: str, key: str) -> None:
        self._address = address
        self._headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}

    def call(self, call: str, body: Json | None = None, **headers: str) -> Json:
        """`call("PUT /v1/customers/ada", {...})`. Raises CallFailed."""
        method, path = call.split()
        sent = None if body is None else msgspec.json.encode(body)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return _asked(self._address, (method, f"/v1/{path}"), sent, {**self._headers, **given})

    def may_use(self, user_id: str, feature: str) -> bool:
        """Whether the customer may use a feature now."""
        query = urlencode({"feature": feature})
        return bool(self.call(f"GET customers/{user_id}/access?{query}")["allowed"])

    def rows(self, path: str) -> list[Json]:
        """A customer's rows, as `customers/ada/receipts`."""
        found: list[Json] = self.call(f"GET {path}")["data"]
        return found


class Payer:
    """Whoever pays, and what a bank does, at the stand-in; `key` is the sandbox's own."""

    def __init__(self, address: str, key: str) -> None:
        self._address = address
        self._headers = {
            "Authorization": f"Bearer {key}",
            "Content-Type": "application/x-www-form-urlencoded",
        }

    def post(self, path: str, **fields: object) -> Json:
        """Posts a form, as a browser does. Raises CallFailed."""
        sent = urlencode(fields).encode()
        return _asked(self._address, ("POST", path), sent, self._headers)

    def get(self, path: str, **query: object) -> Json:
        """What the stand-in has at a path. Raises CallFailed."""
        return _asked(self._address, ("GET", f"{path}?{urlencode(query)}"), None, self._headers)

    def pay(self, client_secret: str, card: str = CARD) -> Json:
        """Confirms a payment, or saves a card, by the secret the page was given."""
        intent = client_secret.partition("_secret_")[0]
        kind = "setup_intents" if intent.startswith("seti_") else "payment_intents"
        where = f"/v1/{kind}/{intent}/confirm"
        return self.post(where, client_secret=client_secret, payment_method=card)


def until(what: str, holds: Callable[[], bool]) -> None:
    """Waits for a webhook to do its work. Raises NeverCame."""
    give_up = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > give_up:
            raise NeverCame(what)
        time.sleep(POLL_SECONDS)


def _asked(
    address: str, call: tuple[str, str], body: bytes | None, headers: Mapping[str, str]
) -> Json:
    connection = HTTPConnection(urlsplit(address).netloc, timeout=TIMEOUT_SECONDS)
    try:
        connection.request(*call, body, dict(headers))
        response = connection.getresponse()
        answer = response.read()
    finally:
        connection.close()
    told: Json = msgspec.json.decode(answer) if answer else {}
    if response.status >= 300:
        raise CallFailed(" ".join(call), response.status, told)
    return told
