"""Subscriptions: begun, looked at, cancelled and taken up again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import msgspec

from ledger.money import Money
from ledger.providers.outbound import Destination, NewSubscription, OpenSubscription
from ledger.providers.problems import CardDeclined, ProviderBadRequest, ProviderNotFound
from ledger.providers.stripe.client import NAME
from ledger.providers.stripe.observer import at, maybe_at
from ledger.providers.stripe.outbound.asking import Asking

if TYPE_CHECKING:
    from stripe.params import SubscriptionCreateParams

WITH_SECRET = ["latest_invoice.confirmation_secret"]
NEEDS_THE_PAYER = ("authentication_required", "subscription_payment_intent_requires_action")
"""Codes of a card that is good once its holder has been asked, in the page."""


class Subscriptions(Asking):
    """`Outbound`: what is paid for again and again."""

    def subscribe(self, key: str, new: NewSubscription) -> OpenSubscription:
        """A new subscription. A saved card that is declined begins none: raises CardDeclined.

        Where the card's holder has to be asked, the first bill waits for that in the page.
        """
        wanted = _wanted(new)
        if new.card_id is None:
            return self._begin(key, wanted | {"payment_behavior": "default_incomplete"})
        wanted["default_payment_method"] = new.card_id
        try:
            return self._begin(key, wanted | {"payment_behavior": "error_if_incomplete"})
        except CardDeclined as declined:
            if declined.declined_for not in NEEDS_THE_PAYER:
                raise
        in_page = wanted | {"payment_behavior": "default_incomplete"}
        return self._begin(f"{key}:in-page", in_page)

    def subscription(self, subscription_id: str) -> OpenSubscription:
        """How a subscription stands."""
        return self._stands(subscription_id).as_open()

    def cancel(self, key: str, subscription_id: str, at_period_end: bool) -> OpenSubscription:
        """Ends a subscription, now or when what was paid for is over."""
        if at_period_end:
            return self._set_to_end(key, subscription_id, True)
        asked = {"expand": WITH_SECRET}
        call = self._v1.subscriptions.cancel
        try:
            return self._ask(StoodAt, call, subscription_id, asked, key=key).as_open()
        except ProviderNotFound:  # what Stripe says of one that has ended already
            return self.subscription(subscription_id)

    def resume(self, key: str, subscription_id: str) -> OpenSubscription:
        """Takes a cancellation back that has not come to pass."""
        return self._set_to_end(key, subscription_id, False)

    def _begin(self, key: str, wanted: SubscriptionCreateParams) -> OpenSubscription:
        return self._ask(StoodAt, self._v1.subscriptions.create, wanted, key=key).as_open()

    def _set_to_end(self, key: str, subscription_id: str, ends: bool) -> OpenSubscription:
        asked = {"cancel_at_period_end": ends, "expand": WITH_SECRET}
        call = self._v1.subscriptions.update
        return self._ask(StoodAt, call, subscription_id, asked, key=key).as_open()

    def _stands(self, subscription_id: str) -> StoodAt:
        asked = {"expand": WITH_SECRET}
        return self._ask(StoodAt, self._v1.subscriptions.retrieve, subscription_id, asked)


def _wanted(new: NewSubscription) -> SubscriptionCreateParams:
    """What is asked for; the card that pays the first bill in the page pays the next ones too."""
    wanted: SubscriptionCreateParams = {
        "customer": new.provider_customer_id,
        "items": [{"price": new.price_id, "quantity": new.quantity}],
        "metadata": dict(new.metadata),
        "payment_settings": {"save_default_payment_method": "on_subscription"},
        "expand": WITH_SECRET,
    }
    if new.trial_days:
        wanted["trial_period_days"] = new.trial_days
    if new.destination is not None:
        wanted["transfer_data"] = {"destination": _all_of_it(new.destination)}
    return wanted


def _all_of_it(destination: Destination) -> str:
    """Stripe keeps a percentage of each bill, and rounds it: an amount cannot be promised."""
    if destination.fee_minor:
        raise ProviderBadRequest(NAME, "a fee on a subscription is no amount but a percentage")
    return destination.account


class _Price(msgspec.Struct, frozen=True):
    id: str
    currency: str


class _Item(msgspec.Struct, frozen=True):
    id: str
    price: _Price
    quantity: int | None = None
    current_period_end: int | None = None


class _Items(msgspec.Struct, frozen=True):
    data: Annotated[list[_Item], msgspec.Meta(min_length=1)]


class _Secret(msgspec.Struct, frozen=True):
    client_secret: str


class _Invoice(msgspec.Struct, frozen=True):
    status: str | None
    currency: str
    amount_remaining: int
    confirmation_secret: _Secret | None = None


class StoodAt(msgspec.Struct, frozen=True):
    """A subscription of ours as Stripe tells it: of one item."""

    id: str
    status: str
    items: _Items
    cancel_at: int | None = None
    cancel_at_period_end: bool = False
    latest_invoice: str | _Invoice | None = None

    @property
    def item(self) -> _Item:
        return self.items.data[0]

    def as_open(self) -> OpenSubscription:
        ends_period_at, bill = maybe_at(self.item.current_period_end), self._open_bill()
        return OpenSubscription(
            id=self.id,
            status=self.status,
            price_id=self.item.price.id,
            quantity=self.item.quantity or 0,
            client_secret=_client_secret(bill),
            cancel_at=self._cancel_at(ends_period_at),
            ends_period_at=ends_period_at,
            due=Money(bill.amount_remaining, bill.currency) if bill else None,
        )

    def _cancel_at(self, ends_period_at: datetime | None) -> datetime | None:
        if self.cancel_at is not None:
            return at(self.cancel_at)
        return ends_period_at if self.cancel_at_period_end else None

    def _open_bill(self) -> _Invoice | None:
        """The newest bill while that can be paid."""
        bill = self.latest_invoice
        return bill if isinstance(bill, _Invoice) and bill.status == "open" else None


def _client_secret(bill: _Invoice | None) -> str | None:
    secret = bill.confirmation_secret if bill else None
    return secret.client_secret if secret else None
