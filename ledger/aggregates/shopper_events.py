"""What can happen to a shopper: who they are to the provider, what was asked for, what came of it.

A request is kept whole before it is sent, so that after a crash the same is asked again under the
same key, whatever the catalog says by then. A secret the provider answers with is never kept.
"""

from __future__ import annotations

from ledger.event import Event
from ledger.providers.outbound import (
    NewCustomer,
    NewPayment,
    NewSession,
    NewSubscription,
    PlanChange,
)


class Asked(Event, frozen=True):
    """The provider is about to be asked for something, under `key`; `subject` says what for."""

    order_id: str
    subject: str
    key: str


class CustomerAsked(Asked, frozen=True):
    TOPIC = "Shopper.CustomerAsked"
    new: NewCustomer


class DetailsAsked(Asked, frozen=True):
    """The provider is to know the customer by another address or name."""

    TOPIC = "Shopper.DetailsAsked"
    new: NewCustomer


class PaymentAsked(Asked, frozen=True):
    TOPIC = "Shopper.PaymentAsked"
    new: NewPayment


class SubscriptionAsked(Asked, frozen=True):
    """`slot` says that it is the user's own plan, not one beside it."""

    TOPIC = "Shopper.SubscriptionAsked"
    new: NewSubscription
    slot: bool = False


class PlanChangeAsked(Asked, frozen=True):
    TOPIC = "Shopper.PlanChangeAsked"
    new: PlanChange


class CancelAsked(Asked, frozen=True):
    """`new` says whether the subscription is to go on until what was paid for is over."""

    TOPIC = "Shopper.CancelAsked"
    new: bool


class ResumeAsked(Asked, frozen=True):
    """`new` names the subscription."""

    TOPIC = "Shopper.ResumeAsked"
    new: str


class SessionAsked(Asked, frozen=True):
    TOPIC = "Shopper.SessionAsked"
    new: NewSession


class SetupAsked(Asked, frozen=True):
    """A card is to be saved for the provider's customer `new`."""

    TOPIC = "Shopper.SetupAsked"
    new: str


class CardAsked(Asked, frozen=True):
    """Bills are to be paid by the card `new`."""

    TOPIC = "Shopper.CardAsked"
    new: str


class Registered(Event, frozen=True):
    """Who the user is to the provider."""

    TOPIC = "Shopper.Registered"
    provider_customer_id: str


class Opened(Event, frozen=True):
    """The provider has what was asked for, under its own id."""

    TOPIC = "Shopper.Opened"
    order_id: str
    provider_id: str


class Moved(Event, frozen=True):
    """An order is about something else now: a subscription changed to another plan."""

    TOPIC = "Shopper.Moved"
    order_id: str
    subject: str


class Closed(Event, frozen=True):
    """The order is done with, and why; the next for its subject is another."""

    TOPIC = "Shopper.Closed"
    order_id: str
    why: str


ASKED = (
    CustomerAsked, PaymentAsked, SubscriptionAsked, PlanChangeAsked, CancelAsked, ResumeAsked,
    SessionAsked, SetupAsked, CardAsked, DetailsAsked,
)  # fmt: skip
EVENTS = (*ASKED, Registered, Opened, Moved, Closed)
