"""Payments that are collected in the page."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ledger.money import Money
from ledger.providers.outbound import Destination, NewPayment, OpenPayment, PaymentState
from ledger.providers.stripe.outbound.asking import Asking

if TYPE_CHECKING:
    from stripe.params import PaymentIntentCreateParams


class Payments(Asking):
    """`Outbound`: one-off payments."""

    def open_payment(self, key: str, new: NewPayment) -> OpenPayment:
        """A payment to be collected in the page, by whichever methods the account offers."""
        wanted: PaymentIntentCreateParams = {
            "amount": new.amount.minor,
            "currency": new.amount.currency,
            "customer": new.provider_customer_id,
            "description": new.description,
            "metadata": dict(new.metadata),
        }
        if new.keep_card:
            wanted["setup_future_usage"] = "off_session"
        if new.destination is not None:
            _pass_on(wanted, new.destination)
        return self._ask(_Intent, self._v1.payment_intents.create, wanted, key=key).as_open()

    def payment(self, payment_id: str) -> OpenPayment:
        """How a payment stands."""
        return self._ask(_Intent, self._v1.payment_intents.retrieve, payment_id).as_open()

    def cancel_payment(self, key: str, payment_id: str) -> OpenPayment:
        """Gives a payment up that was not made. Raises ProviderBadRequest for one that was."""
        return self._ask(_Intent, self._v1.payment_intents.cancel, payment_id, key=key).as_open()


def _pass_on(wanted: PaymentIntentCreateParams, destination: Destination) -> None:
    wanted["transfer_data"] = {"destination": destination.account}
    if destination.fee_minor:
        wanted["application_fee_amount"] = destination.fee_minor


STATES: dict[str, PaymentState] = {
    "requires_payment_method": "requires_payment_method",
    "requires_confirmation": "requires_payment_method",
    "requires_action": "requires_action",
    "processing": "processing",
    "requires_capture": "processing",
    "succeeded": "succeeded",
    "canceled": "canceled",
}
"""Stripe's status -> ours; a status it adds later is taken as one still on its way."""


class _Intent(msgspec.Struct, frozen=True):
    id: str
    status: str
    amount: int
    currency: str
    client_secret: str
    metadata: dict[str, str] = {}

    def as_open(self) -> OpenPayment:
        return OpenPayment(
            id=self.id,
            state=STATES.get(self.status, "processing"),
            amount=Money(self.amount, self.currency),
            client_secret=self.client_secret,
            metadata=self.metadata,
        )
