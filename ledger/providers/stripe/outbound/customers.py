"""Customers and their saved cards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ledger.providers.outbound import OVER, Card, NewCustomer, OpenSetup
from ledger.providers.problems import ProviderNotFound
from ledger.providers.stripe.client import NAME
from ledger.providers.stripe.outbound.asking import Asking, Id
from ledger.providers.stripe.payloads import Ref, link

if TYPE_CHECKING:
    from stripe.params import (
        CustomerCreateParams,
        CustomerUpdateParams,
        SetupIntentCreateParams,
    )


class Customers(Asking):
    """`Outbound`: who is to pay, and by which card."""

    def create_customer(self, key: str, new: NewCustomer) -> str:
        """The provider's id of a new customer."""
        wanted: CustomerCreateParams = {"metadata": {"user_id": new.user_id}}
        _describe(wanted, new)
        return self._ask(Id, self._v1.customers.create, wanted, key=key).id

    def update_customer(self, key: str, provider_customer_id: str, new: NewCustomer) -> None:
        """Takes over a customer's address and name; one that is not said stays as it is."""
        wanted: CustomerUpdateParams = {}
        _describe(wanted, new)
        self._ask(Id, self._v1.customers.update, provider_customer_id, wanted, key=key)

    def cards(self, provider_customer_id: str) -> list[Card]:
        """The saved cards, the default one first."""
        customer = self._ask(_Customer, self._v1.customers.retrieve, provider_customer_id)
        if customer.deleted:
            raise ProviderNotFound(NAME, f"customer {provider_customer_id} is deleted")
        saved = self._all(
            _Method, self._v1.customers.payment_methods.list, provider_customer_id, type="card"
        )
        first = link(customer.invoice_settings.default_payment_method)
        cards = (method.as_card(method.id == first) for method in saved)
        return sorted(cards, key=lambda card: not card.is_default)

    def use_card(self, key: str, provider_customer_id: str, card_id: str) -> None:
        """Pays future bills with this card, also of subscriptions that had one of their own."""
        default = {"invoice_settings": {"default_payment_method": card_id}}
        self._ask(Id, self._v1.customers.update, provider_customer_id, default, key=key)
        listed = self._v1.subscriptions.list
        for each in list(self._all(_Bills, listed, customer=provider_customer_id)):
            if each.status not in OVER and link(each.default_payment_method) not in (None, card_id):
                own = {"default_payment_method": card_id}
                self._ask(Id, self._v1.subscriptions.update, each.id, own, key=f"{key}:{each.id}")

    def open_setup(self, key: str, provider_customer_id: str) -> OpenSetup:
        """A card to be saved."""
        wanted: SetupIntentCreateParams = {
            "customer": provider_customer_id,
            "usage": "off_session",
            "allowed_payment_method_types": ["card"],
        }
        return self._ask(_Setup, self._v1.setup_intents.create, wanted, key=key).as_open()

    def setup(self, setup_id: str) -> OpenSetup:
        """How saving a card stands."""
        return self._ask(_Setup, self._v1.setup_intents.retrieve, setup_id).as_open()


def _describe(wanted: CustomerCreateParams | CustomerUpdateParams, new: NewCustomer) -> None:
    if new.email is not None:
        wanted["email"] = new.email
    if new.name is not None:
        wanted["name"] = new.name


class _InvoiceSettings(msgspec.Struct, frozen=True):
    default_payment_method: str | Ref | None = None


class _Customer(msgspec.Struct, frozen=True):
    id: str
    deleted: bool = False
    invoice_settings: _InvoiceSettings = _InvoiceSettings()


class _CardDetails(msgspec.Struct, frozen=True):
    brand: str
    last4: str
    exp_month: int
    exp_year: int


class _Method(msgspec.Struct, frozen=True):
    id: str
    card: _CardDetails

    def as_card(self, is_default: bool) -> Card:
        card = self.card
        expires = f"{card.exp_year:04}-{card.exp_month:02}"
        return Card(self.id, card.brand, card.last4, expires, is_default)


class _Bills(msgspec.Struct, frozen=True):
    id: str
    status: str
    default_payment_method: str | Ref | None = None


class _Setup(msgspec.Struct, frozen=True):
    id: str
    status: str
    client_secret: str
    payment_method: str | Ref | None = None

    def as_open(self) -> OpenSetup:
        """Its card is one to pay with only once saving it came to its end."""
        card_id = link(self.payment_method) if self.status == "succeeded" else None
        return OpenSetup(self.id, self.status, self.client_secret, card_id)
