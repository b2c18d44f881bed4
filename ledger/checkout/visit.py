"""A try of a command, begun again whenever others changed the streams it decided on.

What is asked of the provider is recorded before it is asked. Whoever comes second, or again after
a crash, therefore finds the order and asks with the same key, which the provider answers alike.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

from eventsourcing.persistence import IntegrityError

from ledger.aggregates.aggregate import Aggregate
from ledger.aggregates.shopper import DONE, Order, Shopper
from ledger.aggregates.shopper_events import Asked
from ledger.checkout.refusals import NotRegistered
from ledger.checkout.shop import Shop
from ledger.checkout.words import checked_id
from ledger.errors import Contended
from ledger.event import EPOCH, Cause
from ledger.events import decode, encode
from ledger.providers.outbound import Outbound
from ledger.providers.problems import CardDeclined, ProviderBadRequest, ProviderNotFound

A = TypeVar("A", bound=Aggregate)
T = TypeVar("T")

TRIES = 50  # each lost race means that somebody else got on

FINAL = (CardDeclined, ProviderBadRequest, ProviderNotFound)
"""Answers the provider repeats for the same key: the next try needs an order of its own."""


class Try:
    """What one try of a command knows, as of when it began; only questions need no `now`."""

    def __init__(self, shop: Shop, now: datetime = EPOCH) -> None:
        self.shop = shop
        self.now = now
        self._held: dict[str, Aggregate] = {}

    @property
    def outbound(self) -> Outbound:
        return self.shop.outbound

    @property
    def why(self) -> Cause:
        """Commands have one time, ours."""
        return Cause("checkout", self.now, self.now)

    def get(self, kind: type[A], key: str) -> A:
        """An aggregate of the shop's scope."""
        stream = self.shop.scope.stream(kind.CATEGORY, key)
        if stream not in self._held:
            aggregate = self._held[stream] = kind(stream)
            for event in self.shop.load([stream]).get(stream, ()):
                aggregate.apply(event)
        found = self._held[stream]
        assert isinstance(found, kind)
        return found

    def store(self) -> None:
        """Stores what was decided. Raises IntegrityError when others came first.

        Raises msgspec.ValidationError for what could not be read again.
        """
        decided = [event for each in self._held.values() for event in each.collect_events()]
        for event in decided:
            decode(event.TOPIC, encode(event))
        if decided:
            self.shop.ledger.append(decided)


class Visit(Try):
    """A try of one user's command."""

    def __init__(self, shop: Shop, user_id: str, now: datetime = EPOCH) -> None:
        super().__init__(shop, now)
        self.shopper = self.get(Shopper, checked_id("user_id", user_id))

    # ---- what is known ----

    @property
    def user_id(self) -> str:
        return self.shopper.user_id

    @property
    def customer(self) -> str:
        """Who the user is to the provider. Raises NotRegistered."""
        if self.shopper.provider_customer_id is None:
            raise NotRegistered(self.user_id)
        return self.shopper.provider_customer_id

    @property
    def metadata(self) -> dict[str, str]:
        """What stands on everything of this user at the provider."""
        return {"user_id": self.user_id, "platform": self.shop.brand.label}

    # ---- what is done ----

    def order(self, kind: type[Asked], subject: str, new: Any, **more: bool) -> Order:
        """The open order for a subject if there is one, else a new one, recorded."""
        found = self.shopper.order(subject)
        if found is not None:
            return found
        asked = self.shopper.ask(kind, subject, new, self.why, **more)
        self.store()
        return asked

    def ask(self, order: Order, call: Callable[[], T]) -> T:
        """The provider's answer; an order it refuses for good is closed."""
        try:
            return call()
        except FINAL as problem:
            self.close(order, problem.code)
            raise

    def opened(self, order: Order, provider_id: str) -> None:
        """Records what the provider has for an order."""
        self.shopper.opened(order, provider_id, self.why)
        self.store()

    def close(self, order: Order, because: str) -> None:
        """Records that an order is done with."""
        self.shopper.close(order, because, self.why)
        self.store()

    def errand(self, kind: type[Asked], subject: str, new: Any, call: Callable[[str], T]) -> T:
        """Asks for something that leaves nothing open; `call` is given the key.

        An errand a crash left behind is gone on with if it is the same, else replaced.
        """
        left = self.shopper.order(subject)
        if left is not None and left.new != new:
            self.close(left, "another was asked for")
        order = self.order(kind, subject, new)
        answer = self.ask(order, lambda: call(order.key))
        self.close(order, DONE)
        return answer

    def done(self, subject: str) -> None:
        """Records of an errand a crash left behind that it was done."""
        left = self.shopper.order(subject)
        if left is not None:
            self.close(left, DONE)


def visit(shop: Shop, user_id: str, now: datetime, work: Callable[[Visit], T]) -> T:
    """What `work` gives for one user. Raises Contended and StoreUnavailable."""
    return retried(lambda: work(Visit(shop, user_id, now)), Shopper.CATEGORY)


def attempt(shop: Shop, now: datetime, work: Callable[[Try], T]) -> T:
    """What `work` gives where no user is concerned. Raises Contended and StoreUnavailable."""
    return retried(lambda: work(Try(shop, now)), "catalog")


def retried(work: Callable[[], T], what: str) -> T:
    """What `work` gives, begun anew when a stream it decided on has moved on."""
    for _ in range(TRIES):
        try:
            return work()
        except IntegrityError:
            continue
    raise Contended(what, TRIES)
