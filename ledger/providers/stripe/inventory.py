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
from ledger.providers.stripe.fees import movement
from ledger.providers.stripe.fetched import FETCHED_FROM
from ledger.providers.stripe.observer import StripeObserver, at
from ledger.providers.stripe.payloads import Seconds
from ledger.providers.stripe.readers import READERS

if TYPE_CHECKING:
    from ledger.providers.stripe.gateway import StripeGateway


class Listing(NamedTuple):
    """Where objects of a kind are listed, and how they are told.

    `lasting` ones happen once and count from when they were made; the others are as they stand
    when they are asked for. `moved` are the fields that name what the object cost.
    """

    path: str
    type: str
    lasting: bool
    asked: Mapping[str, Any] = {}
    moved: tuple[str, ...] = ()


class Listed(NamedTuple):
    """An object: the delivery it would be, and when it was made."""

    key: str
    created: datetime
    delivery: Delivery


LISTINGS: Mapping[str, Listing] = {
    "customers": Listing("/v1/customers", fetched.CUSTOMER, lasting=False),
    "subscriptions": Listing(
        "/v1/subscriptions", fetched.SUBSCRIPTION, lasting=False, asked={"status": "all"}
    ),
    "invoices": Listing("/v1/invoices", fetched.INVOICE, lasting=False),
    "payments": Listing("/v1/payment_intents", fetched.PAYMENT_INTENT, lasting=True),
    "checkout_sessions": Listing("/v1/checkout/sessions", fetched.SESSION, lasting=True),
    "charges": Listing(
        "/v1/charges", fetched.CHARGE, lasting=True, moved=("balance_transaction",)
    ),
    "refunds": Listing(
        "/v1/refunds", fetched.REFUND, lasting=True,
        moved=("balance_transaction", "failure_balance_transaction"),
    ),
    "disputes": Listing("/v1/disputes", fetched.DISPUTE, lasting=False),
}  # fmt: skip
"""Kind -> its list; of subscriptions those of every status. Disputes enclose what they cost."""

MOVEMENTS = "balance_transactions"
"""The kind that is not listed but told by charges, refunds and disputes, and asked for by its id"""


class Inventory:
    """What Stripe has for one account and mode. Raises a ProviderProblem whenever it fails.

    `with_fees`, objects are listed together with the balance transactions they name.
    """

    def __init__(self, stripe: StripeGateway, scope: Scope, with_fees: bool = False) -> None:
        self._stripe = stripe
        self._scope = scope
        self._with_fees = with_fees

    def pages(self, kind: str, now: datetime) -> Iterator[Sequence[Listed]]:
        """All objects of a kind, as many at once as Stripe gives.

        A page that comes twice raises ProviderUnavailable: the list would never end.
        """
        listing, last = LISTINGS[kind], ""
        expand = [f"data.{field}" for field in listing.moved] if self._with_fees else []
        asked = {**listing.asked, "expand": expand} if expand else listing.asked
        for page in self._stripe.objects(listing.path, asked, self._scope.account):
            found = [self._listed(listing, body, now) for body in page]
            if found[-1].key == last:
                raise ProviderUnavailable(NAME, f"GET {listing.path}: the same page twice")
            last = found[-1].key
            yield found

    def one(self, kind: str, key: str, now: datetime) -> Listed:
        """One object. Raises ProviderNotFound where there is none.

        What may change counts from when Stripe answered, by its clock: by a wrong one of ours it
        could hide what happens next.
        """
        if kind == MOVEMENTS:
            fee = movement(self._stripe, self._envelope(fetched.BALANCE_TRANSACTION, key, now), now)
            return Listed(key, fee.envelope.created, fee)
        listing = LISTINGS[kind]
        body = self._stripe.object(listing.path, key, self._scope.account)
        return self._listed(listing, body, now, self._stripe.answered_at)

    def _listed(
        self, listing: Listing, body: bytes, now: datetime, answered_at: datetime | None = None
    ) -> Listed:
        read = self._read(listing, body)
        standing_at = answered_at or now
        created = standing_at if read.created is None else at(read.created)
        event_id = f"{read.id}:{sha256(body).hexdigest()[:16]}"
        counts_from = created if listing.lasting else max(standing_at, created)
        told = self._envelope(listing.type, event_id, counts_from)
        source = {FETCHED_FROM: f"{listing.path}/{read.id}"}
        return Listed(read.id, created, Delivery(told, now, source, body))

    def _read(self, listing: Listing, body: bytes) -> _Object:
        try:
            read = msgspec.json.decode(body, type=_Object)
        except msgspec.MsgspecError as problem:
            said = f"GET {listing.path}: an object has not the shape it should: {problem}"
            raise ProviderUnavailable(NAME, said) from problem
        if read.livemode is not None and read.livemode != self._scope.livemode:
            raise ProviderUnavailable(NAME, f"GET {listing.path}: objects of the other mode")
        return read

    def _envelope(self, type_: str, event_id: str, created: datetime) -> Envelope:
        return Envelope(
            provider=self._scope.provider,
            event_id=event_id,
            type=type_,
            created=created,
            livemode=self._scope.livemode,
            account=self._scope.account,
            api_version=API_VERSION,
        )


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
