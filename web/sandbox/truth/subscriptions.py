"""Subscriptions and their items: what is sold again and again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from web.sandbox.truth.calendar import DAY, next_boundary
from web.sandbox.truth.catalog import Price
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What one line of a subscription sells, and the period it is in (Unix seconds)."""

    id: str
    created: int
    price: Price
    quantity: int
    period_start: int
    period_end: int

    @property
    def amount(self) -> int:
        """What a whole period costs, in minor units."""
        return self.price.unit_amount * self.quantity


@dataclass(frozen=True, slots=True)
class Split:
    """Who shares in each bill: a connected account by percent (None: all of it), and what the
    platform keeps of a connected account's by percent."""

    destination: str | None = None
    destination_percent: float | None = None
    fee_percent: float | None = None


@dataclass(frozen=True, slots=True)
class Pending:
    """A change that waits until its bill is paid, or is dropped at `expires_at` (Unix seconds)."""

    item: Item
    anchor: int
    expires_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription(Noun):
    """A subscription in Stripe's own statuses. `gives_up_as` is what it becomes when every retry
    failed ('canceled' or 'unpaid'); `card` is what it is charged to, and `keeps_card` whether a
    card that pays a bill of it in the page becomes that."""

    customer: str
    status: str
    item: Item
    latest_invoice: str | None
    metadata: Mapping[str, str] = field(default_factory=dict)
    card: str | None = None
    keeps_card: bool = False
    split: Split = Split()
    pending: Pending | None = None
    anchor: int
    gives_up_as: str = "canceled"
    missing_card: str = "create_invoice"
    trial_start: int | None = None
    trial_end: int | None = None
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    canceled_at: int | None = None
    ended_at: int | None = None
    cancellation_reason: str | None = None
    paused_at: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What somebody subscribes to. A `left_open` first bill waits to be paid in the page."""

    price: Price
    quantity: int = 1
    metadata: Mapping[str, str] = field(default_factory=dict)
    card: str | None = None
    keeps_card: bool = False
    left_open: bool = False
    split: Split = Split()
    trial_days: int = 0
    gives_up_as: str = "canceled"
    missing_card: str = "create_invoice"


def begin(
    truth: Truth, customer: Customer, terms: Terms, status: str, invoice: str
) -> Subscription:
    """A new subscription: `customer.subscription.created`."""
    subscription = propose(truth, customer, terms, status, invoice)
    return truth.add(subscription, "customer.subscription.created")


def propose(
    truth: Truth, customer: Customer, terms: Terms, status: str, invoice: str
) -> Subscription:
    """A subscription as it would begin now; its first period is its trial if it has one."""
    interval = terms.price.interval or "month"
    trial_end = truth.now + terms.trial_days * DAY if terms.trial_days else None
    return Subscription(
        id=truth.new_id("sub_1"),
        account=customer.account,
        created=truth.now,
        customer=customer.id,
        status=status,
        item=_item(truth, terms, trial_end or next_boundary(truth.now, interval, truth.now)),
        latest_invoice=invoice,
        metadata=dict(terms.metadata),
        card=terms.card,
        keeps_card=terms.keeps_card,
        split=terms.split,
        anchor=trial_end or truth.now,
        gives_up_as=terms.gives_up_as,
        missing_card=terms.missing_card,
        trial_start=truth.now if trial_end else None,
        trial_end=trial_end,
    )


def come_to_pass(truth: Truth, subscription: Subscription, waited: Pending) -> Subscription:
    """The bill of a pending change was paid: two facts of one change."""
    types = ("customer.subscription.updated", "customer.subscription.pending_update_applied")
    changes = {"item": waited.item, "anchor": waited.anchor, "pending": None}
    return truth.change(subscription, *types, **changes)


def drop_pending(truth: Truth, subscription: Subscription) -> Subscription:
    """The bill of a pending change was not paid in time: two facts of one change."""
    types = ("customer.subscription.updated", "customer.subscription.pending_update_expired")
    return truth.change(subscription, *types, pending=None)


def go_on(truth: Truth, subscription: Subscription) -> Subscription:
    """A pause is over, its bill paid: two facts of one change."""
    types = ("customer.subscription.updated", "customer.subscription.resumed")
    return truth.change(subscription, *types, status="active", paused_at=None)


def _item(truth: Truth, terms: Terms, period_end: int) -> Item:
    return Item(
        id=truth.new_id("si_"),
        created=truth.now,
        price=terms.price,
        quantity=terms.quantity,
        period_start=truth.now,
        period_end=period_end,
    )


def change(truth: Truth, subscription: Subscription, **changes: object) -> Subscription:
    """Anything else: `customer.subscription.updated`."""
    return truth.change(subscription, "customer.subscription.updated", **changes)


def with_price(item: Item, price: Price) -> Item:
    """The item selling something else in the same period."""
    return replace(item, price=price)


def with_quantity(item: Item, quantity: int) -> Item:
    """The item selling more or fewer units in the same period."""
    return replace(item, quantity=quantity)


def in_period(item: Item, start: int, end: int) -> Item:
    """The item selling the same in another period."""
    return replace(item, period_start=start, period_end=end)


def free_until(subscription: Subscription, now: int, end: int) -> dict[str, object]:
    """What a trial that begins now changes: nothing is billed until its end."""
    return {
        "status": "trialing",
        "item": in_period(subscription.item, now, end),
        "anchor": end,
        "trial_start": now,
        "trial_end": end,
    }


def cancel_at_period_end(truth: Truth, subscription: Subscription) -> Subscription:
    """The customer leaves when what was paid for is over."""
    return change(truth, subscription, **leaving(truth.fresh(subscription), truth.now))


def leaving(subscription: Subscription, at: int) -> dict[str, object]:
    """What changes when the customer says at `at` (Unix seconds) to leave after the period."""
    return {
        "cancel_at": subscription.item.period_end,
        "cancel_at_period_end": True,
        "canceled_at": at,
        "cancellation_reason": "cancellation_requested",
    }


def resume(truth: Truth, subscription: Subscription) -> Subscription:
    """The customer stays after all."""
    return change(truth, subscription, **STAYING)


STAYING: dict[str, object] = {
    "cancel_at": None,
    "cancel_at_period_end": False,
    "canceled_at": None,
    "cancellation_reason": None,
}
"""What changes when a customer who was to leave stays."""


def end(truth: Truth, subscription: Subscription, reason: str) -> Subscription:
    """It is over now: `customer.subscription.deleted`."""
    changes = {
        "status": "canceled",
        "ended_at": truth.now,
        "canceled_at": truth.fresh(subscription).canceled_at or truth.now,
        "cancellation_reason": reason,
    }
    return truth.change(subscription, "customer.subscription.deleted", **changes)


def pause(truth: Truth, subscription: Subscription) -> Subscription:
    """The trial is over and there is no card: two facts of one change."""
    types = ("customer.subscription.updated", "customer.subscription.paused")
    return truth.change(subscription, *types, status="paused", paused_at=truth.now)
