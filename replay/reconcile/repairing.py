"""Fetches what is missing where rows differ: as deliveries, by the door of all others."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.application import Inbox
from ledger.delivery import Delivery
from ledger.errors import NotADelivery
from ledger.providers.problems import ProviderNotFound
from ledger.providers.stripe.fetched import BACKFILLED_FROM, fetched
from ledger.providers.stripe.inventory import Inventory
from ledger.store.log import LogReader
from replay.reconcile.comparing import Compared, Difference

if TYPE_CHECKING:
    from ledger.providers.stripe.gateway import StripeGateway

KEPT = timedelta(days=30)  # Stripe lists no older events


class Happening(msgspec.Struct, frozen=True):
    """An event Stripe lists, and the ids it is about."""

    delivery: Delivery
    about: frozenset[str]


class Repaired(msgspec.Struct):
    """How many deliveries were new, and the keys of what Stripe does not have (any more)."""

    events: int = 0
    objects: int = 0
    gone: list[str] = []


class Happenings:
    """Stripe's list of events, for one account."""

    def __init__(self, stripe: StripeGateway, account: str) -> None:
        self._stripe = stripe
        self._account = account

    def since(self, since: datetime, now: datetime) -> Iterator[Happening]:
        """The newest first. Raises a ProviderProblem."""
        from ledger.providers.stripe.gateway import EventQuery

        for page in self._stripe.pages(EventQuery(since, account=self._account)):
            for body in page:
                found = _happening(body, self._account, now)
                if found is not None:
                    yield found


class Repair:
    """Fetches, and judges nothing: what follows from a delivery is the bookkeeper's to say."""

    def __init__(
        self, happenings: Happenings, stripe: Inventory, inbox: Inbox, log: LogReader
    ) -> None:
        self._happenings = happenings
        self._stripe = stripe
        self._inbox = inbox
        self._log = log

    def run(self, compared: Compared, now: datetime) -> Repaired:
        """The events of what differs that were never received; of what has none, the object."""
        done = Repaired()
        ids = {id_ for each in compared.differences for id_ in _ids(each)}
        told = self._events(ids, now, done)
        for difference in compared.differences:
            if not told.intersection(_ids(difference)):
                for delivery in self._objects(difference, now, done):
                    done.objects += self._inbox.receive(delivery)
        return done

    def _events(self, ids: Set[str], now: datetime, done: Repaired) -> set[str]:
        """Receives the missing events about any of these; which of them they are about."""
        about = set[str]()
        found = [each for each in self._happenings.since(now - KEPT, now) if each.about & ids]
        known = self._log.known([each.delivery.originator_id for each in found])
        for each in reversed(found):
            if each.delivery.originator_id not in known:
                done.events += self._inbox.receive(each.delivery)
                about |= each.about & ids
        return about

    def _objects(self, difference: Difference, now: datetime, done: Repaired) -> Iterator[Delivery]:
        """The objects as they stand now, each asked for by its id, listed or not."""
        own = (difference.key,) if difference.kind in OWN_IDS else ()
        for key in difference.objects or own:
            try:
                yield self._stripe.one(difference.kind, key, now).delivery
            except ProviderNotFound:
                done.gone.append(key)


OWN_IDS = ("customers", "subscriptions", "invoices", "payments")
"""Kinds whose rows have the object's own id."""


def _ids(difference: Difference) -> tuple[str, ...]:
    return (*difference.objects, difference.key)


def _happening(body: bytes, account: str, now: datetime) -> Happening | None:
    try:
        delivery = fetched(body, account, now, {BACKFILLED_FROM: "/v1/events"})
        about = msgspec.json.decode(body, type=_Body).data.object
    except (NotADelivery, msgspec.MsgspecError):
        return None
    said = (about.id, about.payment_intent, about.charge)
    return Happening(delivery, frozenset(each for each in said if isinstance(each, str)))


class _About(msgspec.Struct, frozen=True):
    id: Any = None
    payment_intent: Any = None
    charge: Any = None


class _Data(msgspec.Struct, frozen=True):
    object: _About


class _Body(msgspec.Struct, frozen=True):
    data: _Data
