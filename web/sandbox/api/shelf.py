"""The events the API can show: those of the last 30 days, the newest first."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from web.sandbox.api.problems import missing, wrong
from web.sandbox.api.thin import WITHOUT_SNAPSHOT, fetched, thin_id
from web.sandbox.truth.calendar import DAY

KEPT_SECONDS = 30 * DAY

Event = dict[str, Any]


@dataclass(frozen=True)
class Wanted:
    """Which events are asked for: all conditions hold of each. Times are Unix seconds."""

    account: str = ""
    since: int = 0
    until: int = 2**53
    types: Sequence[str] = ()
    delivered: bool | None = None


class Shelf:
    """Events by account; `undelivered` are the ids of those a webhook did not get through with."""

    def __init__(self, events: Iterable[Event], now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._events: list[Event] = []  # in the order in which things happened
        self.undelivered: set[str] = set()
        for event in events:
            self.add(event)

    def add(self, event: Event) -> None:
        """One more event, newer than all others."""
        self._events.append(event)

    def newest_first(self, wanted: Wanted) -> list[Event]:
        """The snapshot events asked for that are still kept."""
        return [
            event
            for event in self._kept(wanted.account)
            if wanted.since <= event["created"] <= wanted.until
            and event["type"] in (wanted.types or [event["type"]])
            and event["type"] not in WITHOUT_SNAPSHOT
            and wanted.delivered in (None, event["id"] not in self.undelivered)
        ]

    def one(self, id_: str, account: str) -> Event:
        """The event with this id. Raises Problem when it is not, or no longer, kept."""
        for event in self.newest_first(Wanted(account)):
            if event["id"] == id_:
                return event
        raise missing("event", id_)

    def thin(self, id_: str, account: str) -> Event:
        """The thin event with this id, as it is fetched. Raises Problem likewise."""
        for event in self._kept(account):
            if thin_id(event) == id_:
                return fetched(event)
        raise missing("event", id_)

    def _kept(self, account: str) -> Iterator[Event]:
        since = int(self._now()) - KEPT_SECONDS
        for event in reversed(self._events):
            if event["created"] >= since and event.get("account", "") == account:
                yield event


def page(
    events: Sequence[Event], limit: int, after: str | None, before: str | None
) -> tuple[Sequence[Event], bool]:
    """Up to `limit` of the events next to a cursor, and whether there are more that way."""
    ids = [event["id"] for event in events]
    for name, cursor in (("starting_after", after), ("ending_before", before)):
        if cursor is not None and cursor not in ids:
            raise wrong(name, f"No such event: '{cursor}'")
    if before is not None:
        newer = events[: ids.index(before)]
        return newer[-limit:], len(newer) > limit
    older = events[ids.index(after) + 1 :] if after is not None else events
    return older[:limit], len(older) > limit
