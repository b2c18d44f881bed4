"""A second provider's memory: payers, orders, agreements, and the notices it sends of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import RLock
from typing import Any

from ledger.money import MINOR_DIGITS

Json = dict[str, Any]

START = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
MERCHANT = ""


class Refused(Exception):
    """What the API answers when it does not do what it was asked."""

    def __init__(self, status: int, name: str, message: str, **more: str) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"name": name, "message": message, **more}


class World:
    """Everything there is, by id; `notices` are the webhooks sent so far, in order."""

    def __init__(self) -> None:
        self.now = START
        self.notices: list[Json] = []
        self.answers: dict[str, tuple[Json, Json, int]] = {}
        self.lock = RLock()
        self._things: dict[str, Json] = {}

    def new(self, kind: str, **fields: Any) -> Json:
        """One more thing of a kind, under an id of its own."""
        id_ = f"{kind}-{len(self._things) + 1:04}"
        self._things[id_] = {"id": id_, "create_time": self.time, **fields}
        return self._things[id_]

    def get(self, kind: str, id_: str) -> Json:
        """Raises Refused for what is not there."""
        if id_.partition("-")[0] != kind or id_ not in self._things:
            raise Refused(404, "RESOURCE_NOT_FOUND", f"there is no {kind} {id_}")
        return self._things[id_]

    def all(self, kind: str) -> Iterator[Json]:
        """Everything of a kind, the oldest first."""
        return (it for id_, it in list(self._things.items()) if id_.partition("-")[0] == kind)

    def notify(self, event_type: str, resource: Json) -> None:
        """Sends a notice of how a thing stands; no two are of the same moment."""
        self.now += timedelta(milliseconds=1)
        notice = {
            "id": f"WH-{len(self.notices) + 1:04}",
            "event_type": event_type,
            "create_time": self.time,
            "merchant_id": MERCHANT,
            "resource": deepcopy(resource),
        }
        self.notices.append(notice)

    @property
    def time(self) -> str:
        """Now, as it is written."""
        return self.now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def bodies(self) -> list[bytes]:
        """The notices as they are posted."""
        return [json.dumps(each).encode() for each in self.notices]


def amount(value: Decimal, currency: str) -> Json:
    """Money as this provider writes it: decimals in a text."""
    digits = MINOR_DIGITS[currency.lower()]
    return {"currency_code": currency, "value": f"{value:.{digits}f}"}


def times(money: Json, factor: Decimal | int) -> Json:
    """So much more or less of it."""
    return amount(Decimal(money["value"]) * factor, money["currency_code"])
