"""A customer of the provider: their details, and which user of the application they are."""

from __future__ import annotations

from datetime import datetime

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.event import Cause, Event
from ledger.ids import parse_stream
from ledger.observations import CustomerDetails, CustomerObserved
from ledger.snapshots import Newest, newest


class Reported(Event, frozen=True):
    """The customer's details as they stand."""

    TOPIC = "Customer.Reported"
    standing: Newest[CustomerDetails]


class Deleted(Event, frozen=True):
    """The provider deleted the customer; no later report brings them back."""

    TOPIC = "Customer.Deleted"
    deleted_at: datetime


class Named(Event, frozen=True):
    """Another object, `by`, says which user this customer is (None: it no longer says).

    `at` is when that object came to be.
    """

    TOPIC = "Customer.Named"
    by: str
    user_id: str | None
    at: datetime


class Engaged(Event, frozen=True):
    """A payment, invoice or subscription depends on this customer for whose it is."""

    TOPIC = "Customer.Engaged"
    stream: str


class Identified(Event, frozen=True):
    """The id under which the application and finance know this customer."""

    TOPIC = "Customer.Identified"
    customer_id: str


EVENTS = (Reported, Deleted, Named, Engaged, Identified)


class Customer(Aggregate):
    """Facts about one customer, and the identity that follows from them."""

    CATEGORY = "customer"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.standing: Newest[CustomerDetails] | None = None
        self.deleted_at: datetime | None = None
        self.named: dict[str, tuple[datetime, str]] = {}
        self.engaged: dict[str, None] = {}
        self.customer_id: str | None = None

    # ---- decide ----

    def observe(self, seen: CustomerObserved, why: Cause) -> None:
        """Takes over how the customer stands, and that they are gone."""
        standing = newest(self.standing, seen.snapshot) if seen.snapshot else self.standing
        if standing and standing != self.standing:
            self.trigger_event(Reported(standing=standing), why)
        if seen.deleted and (self.deleted_at is None or why.effective_at < self.deleted_at):
            self.trigger_event(Deleted(deleted_at=why.effective_at), why)
        self._identify(why)

    def name(self, by: str, user_id: str | None, at: datetime, why: Cause) -> None:
        """Takes over which user another object says this customer is, or that it no longer does."""
        if user_id is None and by not in self.named:
            return
        if self.named.get(by) != (at, user_id):
            self.trigger_event(Named(by=by, user_id=user_id, at=at), why)
        self._identify(why)

    def name_first(self, by: str, user_id: str, at: datetime, why: Cause) -> None:
        """The same by an object of which no report is newer: what it said first counts."""
        known = self.named.get(by)
        if known is None or (at, user_id) < known:
            self.name(by, user_id, at, why)

    def meet(self, why: Cause) -> None:
        """Takes over that there is such a customer."""
        self._identify(why)

    def engage(self, stream: str, why: Cause) -> None:
        """Remembers who must be told when this customer's identity becomes known."""
        if stream not in self.engaged:
            self.trigger_event(Engaged(stream=stream), why)
        self._identify(why)

    def _identify(self, why: Cause) -> None:
        customer_id = self._identity()
        if customer_id != self.customer_id:
            self.trigger_event(Identified(customer_id=customer_id), why)

    def _identity(self) -> str:
        """The newest details' user; else whom others named first; else the provider's id."""
        said = self.standing.state.user_id if self.standing else None
        first = min(((at, by, user) for by, (at, user) in self.named.items()), default=None)
        return said or (first[2] if first else None) or parse_stream(self.id).key

    def gone_at(self, at: datetime) -> bool:
        """Whether the customer was deleted by then."""
        return self.deleted_at is not None and self.deleted_at <= at

    # ---- evolve ----

    @evolves(Reported)
    def _reported(self, event: Reported) -> None:
        self.standing = event.standing

    @evolves(Deleted)
    def _deleted(self, event: Deleted) -> None:
        self.deleted_at = event.deleted_at

    @evolves(Named)
    def _named(self, event: Named) -> None:
        if event.user_id is None:
            self.named.pop(event.by, None)
        else:
            self.named[event.by] = (event.at, event.user_id)

    @evolves(Engaged)
    def _engaged(self, event: Engaged) -> None:
        self.engaged[event.stream] = None

    @evolves(Identified)
    def _identified(self, event: Identified) -> None:
        self.customer_id = event.customer_id
