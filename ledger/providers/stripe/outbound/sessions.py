"""Visits to Stripe's own payment page, embedded in ours or hosted by Stripe."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from ledger.providers.outbound import NewSession, OpenSession
from ledger.providers.problems import ProviderBadRequest
from ledger.providers.stripe.client import NAME
from ledger.providers.stripe.outbound.asking import Asking
from ledger.providers.stripe.outbound.catalog import Price

if TYPE_CHECKING:
    from stripe.params.checkout import SessionCreateParams


class Sessions(Asking):
    """`Outbound`: Checkout Sessions in payment mode."""

    def open_session(self, key: str, new: NewSession) -> OpenSession:
        """A visit for `units` of a package price; its payment carries the metadata as well.

        Raises ProviderBadRequest for units that are no whole packages.
        """
        price = self._ask(Price, self._v1.prices.retrieve, new.price_id)
        wanted = _wanted(new, _quantity(price, new.units))
        return self._ask(_Session, self._v1.checkout.sessions.create, wanted, key=key).as_open()

    def session(self, session_id: str) -> OpenSession:
        """How that visit stands."""
        return self._ask(_Session, self._v1.checkout.sessions.retrieve, session_id).as_open()


def _wanted(new: NewSession, quantity: int) -> SessionCreateParams:
    wanted: SessionCreateParams = {
        "mode": "payment",
        "customer": new.provider_customer_id,
        "client_reference_id": new.client_reference_id,
        "line_items": [{"price": new.price_id, "quantity": quantity}],
        "metadata": dict(new.metadata),
        "payment_intent_data": {"metadata": dict(new.metadata)},
    }
    if new.hosted:
        hosted: SessionCreateParams = {"success_url": new.return_url, "cancel_url": new.return_url}
        return {**wanted, **hosted, "ui_mode": "hosted_page"}
    return {**wanted, "return_url": new.return_url, "ui_mode": "embedded_page"}


def _quantity(price: Price, units: int) -> int:
    """Stripe multiplies a price by units where it divides them itself, else by packages."""
    packages, rest = divmod(units, price.package_units)
    if rest:
        said = f"{units} units are no whole packages of {price.package_units}"
        raise ProviderBadRequest(NAME, said)
    return units if price.transform_quantity else packages


class _Session(msgspec.Struct, frozen=True):
    id: str
    status: Literal["open", "complete", "expired"]
    client_secret: str | None = None
    url: str | None = None
    payment_intent: str | None = None

    def as_open(self) -> OpenSession:
        return OpenSession(self.id, self.client_secret, self.url, self.status, self.payment_intent)
