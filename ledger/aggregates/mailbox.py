"""An e-mail address: which customers are known by it since when, and which payments ask for it."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.event import Cause, Event


class CustomerSeen(Event, frozen=True):
    """A customer has been known by this address since `at` at the latest."""

    TOPIC = "Mailbox.CustomerSeen"
    customer: str
    at: datetime


class PaymentWaits(Event, frozen=True):
    """A payment names nobody but this address."""

    TOPIC = "Mailbox.PaymentWaits"
    purchase: str


EVENTS = (CustomerSeen, PaymentWaits)


def mailbox_key(email: str) -> str:
    """The key of an address: case and surrounding space do not matter, and it is not readable."""
    return sha256(email.strip().casefold().encode()).hexdigest()


class Mailbox(Aggregate):
    """Facts about one address; they only grow, so whose a payment is does not change by arrival."""

    CATEGORY = "mailbox"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.customers: dict[str, datetime] = {}
        self.waiting: dict[str, None] = {}

    # ---- decide ----

    def see(self, customer: str, at: datetime, why: Cause) -> bool:
        """Takes over that a customer had this address at `at`; False when that says nothing new."""
        known = self.customers.get(customer)
        if known is not None and known <= at:
            return False
        self.trigger_event(CustomerSeen(customer=customer, at=at), why)
        return True

    def wait(self, purchase: str, why: Cause) -> None:
        """Remembers a payment that asks for whom this address is."""
        if purchase not in self.waiting:
            self.trigger_event(PaymentWaits(purchase=purchase), why)

    def customers_at(self, at: datetime) -> list[str]:
        """The customers known by this address at `at`; who came later cannot have paid then."""
        return [customer for customer, since in self.customers.items() if since <= at]

    # ---- evolve ----

    @evolves(CustomerSeen)
    def _customer_seen(self, event: CustomerSeen) -> None:
        self.customers[event.customer] = event.at

    @evolves(PaymentWaits)
    def _payment_waits(self, event: PaymentWaits) -> None:
        self.waiting[event.purchase] = None
