"""What an endpoint is told, before it is known whether it still wants to be."""

from __future__ import annotations

from datetime import datetime

import msgspec

Value = str | int | bool | None


class Ends(msgspec.Struct, frozen=True):
    """The access that must still end at `ends_at` for its end to be told."""

    source: str
    customer_id: str
    feature: str
    ends_at: datetime


class Call(msgspec.Struct, frozen=True, omit_defaults=True):
    """One message to one endpoint; all endpoints get it under the same `message_id`."""

    endpoint: str
    message_id: str
    type: str
    timestamp: datetime
    data: dict[str, Value]
    if_ended: Ends | None = None
