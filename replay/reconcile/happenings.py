"""Stripe's list of events: which of them never came, and what happened only just now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import msgspec

from ledger.delivery import Delivery
from ledger.errors import NotADelivery
from ledger.ids import Scope
from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe.fetched import BACKFILLED_FROM, fetched
from ledger.providers.stripe.readers import READERS
from ledger.store.log import LogReader

if TYPE_CHECKING:
    from ledger.providers.stripe.gateway import StripeGateway

KEPT = timedelta(days=30)  # Stripe lists no older events

Report = Callable[[str, int], None]


class Happening(msgspec.Struct, frozen=True):
    """An event Stripe lists, and the ids it is about."""

    delivery: Delivery
    about: frozenset[str]


class Missed(msgspec.Struct, frozen=True):
    """An event that never came."""

    event_id: str
    type: str
    created: datetime


class Seen(msgspec.Struct):
    """Events listed of the types that are read, what of them never came, the oldest last.

    `moving` are the ids of what something happened to since `until`: these events may be on
    their way.
    """

    listed: int = 0
    missed: list[Missed] = []
    moving: set[str] = set()


class Happenings:
    """The events of one account and mode. Raises a ProviderProblem whenever Stripe fails."""

    def __init__(self, stripe: StripeGateway, scope: Scope, log: LogReader) -> None:
        self._stripe = stripe
        self._scope = scope
        self._log = log

    def time(self, ours: datetime) -> datetime:
        """Stripe's own time, by which it dates all it lists; ours where it does not say."""
        from ledger.providers.stripe.gateway import EventQuery

        next(self._stripe.pages(EventQuery(ours, account=self._scope.account)), None)
        return self._stripe.answered_at or ours

    def seen(self, until: datetime, now: datetime, report: Report) -> Seen:
        """All that Stripe still lists; that it lists none is no fault."""
        found = Seen()
        for page in self.pages(now):
            found.moving.update(*(each.about for each in page if _created(each) > until))
            settled = [each for each in page if _created(each) <= until]
            found.listed += len(settled)
            found.missed += [_missed(each) for each in self.new(settled)]
            report("events", found.listed)
        return found

    def pages(self, now: datetime) -> Iterator[list[Happening]]:
        """Those of the types that are read, the newest first, as many at once as Stripe gives.

        A page that comes twice raises ProviderUnavailable: the list would never end.
        """
        from ledger.providers.stripe.gateway import EventQuery

        last = b""
        for page in self._stripe.pages(EventQuery(now - KEPT, account=self._scope.account)):
            if page[-1] == last:
                raise ProviderUnavailable("Stripe", "GET /v1/events: the same page twice")
            last = page[-1]
            found = (self._happening(body, now) for body in page)
            yield [each for each in found if each and each.delivery.envelope.type in READERS]

    def new(self, happenings: list[Happening]) -> list[Happening]:
        """Those of them that are not in the Inbox."""
        known = self._log.known([each.delivery.originator_id for each in happenings])
        return [each for each in happenings if each.delivery.originator_id not in known]

    def _happening(self, body: bytes, now: datetime) -> Happening | None:
        try:
            delivery = fetched(body, self._scope.account, now, {BACKFILLED_FROM: "/v1/events"})
            about = msgspec.json.decode(body, type=_Body).data.object
        except (NotADelivery, msgspec.MsgspecError):
            return None
        if delivery.envelope.livemode != self._scope.livemode:
            raise ProviderUnavailable("Stripe", "GET /v1/events: events of the other mode")
        said = (about.id, about.payment_intent, about.charge)
        return Happening(delivery, frozenset(each for each in said if isinstance(each, str)))


def _created(happening: Happening) -> datetime:
    return happening.delivery.envelope.created


def _missed(happening: Happening) -> Missed:
    told = happening.delivery.envelope
    return Missed(told.event_id, told.type, told.created)


class _About(msgspec.Struct, frozen=True):
    id: Any = None
    payment_intent: Any = None
    charge: Any = None


class _Data(msgspec.Struct, frozen=True):
    object: _About


class _Body(msgspec.Struct, frozen=True):
    data: _Data


"""What of an event is needed to say what it is about."""
