"""Puts events that Stripe lists and the Inbox has not into the Inbox, by the door of all others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import cast

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import IntegrityError

from ledger.application import Inbox
from ledger.delivery import Delivery
from ledger.errors import NotADelivery
from ledger.providers.stripe.fetched import BACKFILLED_FROM, fetched
from ledger.store.log import LogReader

HEADERS = {BACKFILLED_FROM: "/v1/events"}


class Backfill:
    """One run: what was listed and what of it was new, by type; `unreadable` says why not."""

    def __init__(self, inbox: Inbox, log: LogReader, account: str, dry_run: bool) -> None:
        self._inbox = inbox
        self._log = log
        self._account = account
        self._dry_run = dry_run
        self.listed: Counter[str] = Counter()
        self.new: Counter[str] = Counter()
        self.unreadable: list[str] = []

    def take(self, bodies: Sequence[bytes], now: datetime) -> datetime | None:
        """Keeps what is missing of a page; the time of its oldest event.

        The Inbox decides: what comes by webhook meanwhile is new once, there or here.
        """
        deliveries = {each.originator_id: each for each in self._read(bodies, now)}
        known = self._log.known(list(deliveries))
        missing = [each for stream, each in deliveries.items() if stream not in known]
        kept = missing if self._dry_run else self._keep(missing)
        self.listed.update(each.envelope.type for each in deliveries.values())
        self.new.update(each.envelope.type for each in kept)
        return min((each.envelope.created for each in deliveries.values()), default=None)

    def _read(self, bodies: Sequence[bytes], now: datetime) -> list[Delivery]:
        found = []
        for body in bodies:
            try:
                found.append(fetched(body, self._account, now, HEADERS))
            except NotADelivery as problem:
                self.unreadable.append(str(problem))
        return found

    def _keep(self, missing: Sequence[Delivery]) -> list[Delivery]:
        """All at once; one by one where a webhook was quicker with some. Gives those kept here."""
        try:
            self._inbox.append([cast("DomainEventProtocol[str]", each) for each in missing])
        except IntegrityError:
            return [each for each in missing if self._inbox.receive(each)]
        return list(missing)
