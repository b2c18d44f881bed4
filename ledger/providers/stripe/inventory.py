"""Stripe's objects as deliveries: each as the API answers it now, under its id and a hash of it.

The same state of an object is therefore kept once, however often it is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from ledger.delivery import Delivery, Envelope
from ledger.errors import Refusal
from ledger.ids import Scope
from ledger.observations import Observation
from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe import fetched
from ledger.providers.stripe.client import API_VERSION, NAME
from ledger.providers.stripe.fetched import FETCHED_FROM
from ledger.providers.stripe.observer import StripeObserver, at
from ledger.providers.stripe.payloads import Seconds
from ledger.providers.stripe.readers import READERS

if TYPE_CHECKING:
    from ledger.providers.stripe.gateway import StripeGateway


class Listing(NamedTuple):
    """Where objects of a kind are listed, and how they are told.

    `lasting` ones happen once and count from when they were made; the others are as they stand
    when they are asked for.
    """

    path: str
    type: str
    lasting: bool
    asked: Mapping[str, Any]


class Listed(NamedTuple):
    """An object: the delivery it would be, and when it was made."""

    key: str
    created: datetime
    delivery: Delivery


LISTINGS: Mapping[str, Listing] = {
    "customers": Listing("/v1/customers", fetched.CUSTOMER, False, {}),
    "subscriptions": Listing("/v1/subscriptions", fetched.SUBSCRIPTION, False, {"status": "all"}),
    "invoices": Listing("/v1/invoices", fetched.INVOICE, False, {}),
    "payments": Listing("/v1/payment_intents", fetched.PAYMENT_INTENT, True, {}),
    "charges": Listing("/v1/charges", fetched.CHARGE, True, {}),
    "refunds": Listing("/v1/refunds", fetched.REFUND, True, {}),
    "disputes": Listing("/v1/disputes", fetched.DISPUTE, False, {}),
}
"""Kind -> its list; of subscriptions those of every status."""


class Inventory:
    """What Stripe has for one account and mode. Raises a ProviderProblem whenever it fails."""

    def __init__(self, stripe: StripeGateway, scope: Scope) -> None:
        self._stripe = stripe
        self._scope = scope

    def pages(self, kind: str, now: datetime) -> Iterator[Sequence[Listed]]:
        """All objects of a kind, as many at once as Stripe gives."""
        listing = LISTINGS[kind]
        for page in self._stripe.objects(listing.path, listing.asked, self._scope.account):
            yield [self._listed(listing, body, now) for body in page]

    def one(self, kind: str, key: str, now: datetime) -> Listed:
        """One object. Raises ProviderNotFound where there is none."""
        listing = LISTINGS[kind]
        body = self._stripe.object(listing.path, key, self._scope.account)
        return self._listed(listing, body, now)

    def _listed(self, listing: Listing, body: bytes, now: datetime) -> Listed:
        try:
            read = msgspec.json.decode(body, type=_Object)
        except msgspec.MsgspecError as problem:
            said = f"GET {listing.path}: an object has not the shape it should: {problem}"
            raise ProviderUnavailable(NAME, said) from problem
        if read.livemode is not None and read.livemode != self._scope.livemode:
            raise ProviderUnavailable(NAME, f"GET {listing.path}: objects of the other mode")
        created = now if read.created is None else at(read.created)
        told = Envelope(
            provider=self._scope.provider,
            event_id=f"{read.id}:{sha256(body).hexdigest()[:16]}",
            type=listing.type,
            created=created if listing.lasting else max(now, created),
            livemode=self._scope.livemode,
            account=self._scope.account,
            api_version=API_VERSION,
        )
        source = {FETCHED_FROM: f"{listing.path}/{read.id}"}
        return Listed(read.id, created, Delivery(told, now, source, body))


def said(listed: Listed) -> tuple[Observation, ...]:
    """What an object says, in our words; nothing where it cannot be read."""
    try:
        return tuple(_OBSERVER.observe(listed.delivery).observations)
    except Refusal:
        return ()


_OBSERVER = StripeObserver(READERS)


class _Object(msgspec.Struct, frozen=True):
    id: str
    created: Seconds | None = None
    livemode: bool | None = None
