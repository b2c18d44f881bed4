"""Behind a thin event: the snapshot event of the same happening, taken in as a delivery."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from ledger.aggregates.bookkeeping import Entry
from ledger.application import Inbox
from ledger.delivery import Delivery
from ledger.errors import NotADelivery
from ledger.providers.problems import FINAL
from ledger.providers.stripe.fetched import FETCHED_FROM, entry, fetched
from ledger.store.log import LogReader

if TYPE_CHECKING:
    from ledger.providers.stripe.gateway import StripeGateway

HOPELESS = (*FINAL, NotADelivery)
"""What asking again would not change: it is said of the thin event, and the next one's turn."""


class _Notification(msgspec.Struct, frozen=True):
    context: str | None = None


class Snapshots:
    """Fetches the snapshots of thin events; what posts them as well is asked for nothing."""

    position = "fetcher"
    pause_seconds = 0.0

    def __init__(
        self, stripe: StripeGateway, inbox: Inbox, log: LogReader, clock: Callable[[], datetime]
    ) -> None:
        self._stripe = stripe
        self._inbox = inbox
        self._log = log
        self._clock = clock

    def needed(self, delivery: Delivery) -> bool:
        """Whether it is a thin event."""
        return delivery.envelope.thin

    def run(self, delivery: Delivery) -> tuple[Entry, ...]:
        """Fetches the snapshot; what is to be said of the thin event from now on."""
        reason = self.fetch(delivery)
        return (entry(delivery.envelope, delivery.received_at, "ignored", reason),)

    def fetch(self, thin: Delivery) -> str:
        """Sees to it that the snapshot is in the Inbox; says where, or why it never will be.

        Raises a ProviderProblem that may pass, and StoreUnavailable.
        """
        context = msgspec.json.decode(thin.body, type=_Notification).context
        try:
            return self._fetch(thin, context)
        except HOPELESS as problem:
            return f"a thin event whose snapshot cannot be had: {problem}"

    def _fetch(self, thin: Delivery, context: str | None) -> str:
        snapshot = self._stripe.thin_event(thin.envelope.event_id, context).snapshot_event
        if snapshot is None:
            return f"a thin event, and {thin.envelope.type} has no snapshot"
        if not self._log.known([_stream(thin, snapshot)]):
            body = self._stripe.event(snapshot, context)
            source = {FETCHED_FROM: f"/v1/events/{snapshot}"}
            self._inbox.receive(fetched(body, thin.envelope.account, self._clock(), source))
        return f"a thin event: its snapshot is {snapshot}"

    def close(self) -> None:
        """Hang up."""
        self._stripe.close()
        self._inbox.close()
        self._log.close()


def _stream(thin: Delivery, snapshot: str) -> str:
    """The stream a snapshot is in when it is here: of the same account and mode."""
    posted = replace(thin, envelope=replace(thin.envelope, event_id=snapshot))
    return posted.originator_id
