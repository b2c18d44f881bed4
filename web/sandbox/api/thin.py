"""The thin twin of an event: what is posted of it, and what is fetched afterwards."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

Event = dict[str, Any]


def thin_id(event: Event) -> str:
    """The id of an event's thin twin, which is an event of its own."""
    return "evt_65" + sha256(event["id"].encode()).hexdigest()[:24]


def notification(event: Event) -> Event:
    """What is posted: that something happened, and to what; not how it stands."""
    about = event["data"]["object"]
    kind = about["object"]
    return {
        "id": thin_id(event),
        "object": "v2.core.event",
        "type": f"v1.{event['type']}",
        "livemode": event["livemode"],
        "created": _iso(event["created"]),
        "context": event.get("account"),
        "related_object": {
            "id": about["id"],
            "type": kind,
            "url": f"/v1/{kind.replace('.', '/')}s/{about['id']}",
        },
    }


def fetched(event: Event) -> Event:
    """What is fetched: also the id of the snapshot event, null for a type that has none."""
    twin = None if event["type"] in WITHOUT_SNAPSHOT else event["id"]
    return {**notification(event), "snapshot_event": twin, "reason": None, "changes": None}


WITHOUT_SNAPSHOT = ("customer.subscription.past_due", "customer.subscription.unpaid")
"""Types that exist as thin events only; on the shelf they stand for those."""


def _iso(seconds: int) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%dT%H:%M:%S}.000Z"
