"""What payments cost: each balance transaction that a delivery names is fetched once.

Events carry its id alone. What Stripe answers becomes a delivery under that id, as it was answered;
the payment itself waits for none of this.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from ledger.aggregates.bookkeeping import Entry
from ledger.application import Inbox
from ledger.delivery import CATEGORY, Delivery, Envelope
from ledger.providers.problems import FINAL
from ledger.providers.stripe.fetched import (
    BALANCE_TRANSACTION,
    FETCHED_FROM,
    OBJECTS,
    entry,
    object_envelope,
)
from ledger.store.log import LogReader

if TYPE_CHECKING:
    from ledger.providers.stripe.gateway import StripeGateway

MOST_A_SECOND = 10  # Stripe takes 25 reads a second in test mode, and others ask as well
KINDS = frozenset(
    {"charge", "refund", "dispute", "payout", "transfer", "application_fee", "fee_refund"}
)
"""Kinds of objects that move a balance."""


class Fees:
    """Fetches the balance transactions deliveries name; one that is enclosed is asked for never."""

    position = "fees"
    pause_seconds = 1 / MOST_A_SECOND

    def __init__(
        self, stripe: StripeGateway, inbox: Inbox, log: LogReader, clock: Callable[[], datetime]
    ) -> None:
        self._stripe = stripe
        self._inbox = inbox
        self._log = log
        self._clock = clock

    def needed(self, delivery: Delivery) -> bool:
        """Whether it names one that is not here."""
        return bool(self._missing(delivery))

    def run(self, delivery: Delivery) -> tuple[Entry, ...]:
        """Fetches what is not here; of what never will be, says why.

        Raises a ProviderProblem that may pass, and StoreUnavailable.
        """
        said = (self._fetch(key, delivery) for key in self._missing(delivery))
        return tuple(each for each in said if each)

    def close(self) -> None:
        """Hang up."""
        self._stripe.close()
        self._inbox.close()
        self._log.close()

    def _missing(self, delivery: Delivery) -> list[str]:
        scope = delivery.envelope.scope
        streams = {scope.stream(CATEGORY, key): key for key in named(delivery)}
        known = self._log.known(list(streams)) if streams else set()
        return [key for stream, key in streams.items() if stream not in known]

    def _fetch(self, key: str, because: Delivery) -> Entry | None:
        """None when it is here now."""
        envelope = object_envelope(BALANCE_TRANSACTION, key, because.envelope)
        now = self._clock()
        try:
            self._inbox.receive(movement(self._stripe, envelope, now))
        except FINAL as problem:
            return entry(envelope, now, "refused", f"it cannot be had: {problem}")
        return None


def movement(stripe: StripeGateway, envelope: Envelope, now: datetime) -> Delivery:
    """The balance transaction whose id the envelope has. Raises a ProviderProblem."""
    found = stripe.balance_transaction(envelope.event_id, envelope.account)
    created = datetime.fromtimestamp(found.created, UTC)
    dated = replace(envelope, created=created, api_version=found.api_version)
    return Delivery(dated, now, {FETCHED_FROM: found.path}, found.body)


def named(delivery: Delivery) -> list[str]:
    """The ids of the balance transactions a delivery names without enclosing them.

    An event names them, and so does an object that was fetched as it stands.
    """
    body = delivery.body
    if b"balance_transaction" not in body:
        return []
    is_object = delivery.envelope.type in OBJECTS
    try:
        told = _OBJECTS.decode(body) if is_object else _BODIES.decode(body).data.object
    except (msgspec.MsgspecError, RecursionError):  # refused by the bookkeeper, with the reason
        return []
    found = (key for key in _all(told) if isinstance(key, str) and _ID.fullmatch(key))
    return list(dict.fromkeys(found)) if told.object in KINDS else []


def _all(told: _Object) -> Iterator[Any]:
    """Also of the refunds that charges enclosed until 2022-11-15."""
    yield told.balance_transaction
    yield told.failure_balance_transaction
    yield from told.balance_transactions or ()
    for refund in told.refunds.data if told.refunds else ():
        yield refund.balance_transaction


_ID = re.compile(r"[!-~]{1,255}")


class _Refund(msgspec.Struct, frozen=True):
    balance_transaction: Any = None


class _Refunds(msgspec.Struct, frozen=True):
    data: list[_Refund] = []


class _Object(msgspec.Struct, frozen=True):
    object: str = ""
    balance_transaction: Any = None
    failure_balance_transaction: Any = None
    balance_transactions: list[Any] | None = None
    refunds: _Refunds | None = None


class _Data(msgspec.Struct, frozen=True):
    object: _Object


class _Body(msgspec.Struct, frozen=True):
    data: _Data


_BODIES = msgspec.json.Decoder(_Body)
_OBJECTS = msgspec.json.Decoder(_Object)
