"""A Stripe that can lie, tables that agree with the truth, and a door that notes what comes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from ledger.delivery import Delivery
from ledger.providers.problems import ProviderNotFound, ProviderUnavailable
from ledger.providers.stripe.inventory import LISTINGS, Listed, said
from replay.reconcile.comparing import Comparison
from replay.reconcile.differences import Compared
from replay.reconcile.happenings import Happening, Missed, Seen
from replay.reconcile.kinds import KINDS, Kind, told
from replay.reconcile.repairing import Repair
from replay.reconcile.rows import Row, Rows
from replay.reconcile.tells import OneOf
from tests.ledger.providers.stripe.objects import (
    Json,
    charge,
    customer,
    dispute,
    invoice,
    payment_intent,
    refund,
    session,
    subscription,
)
from tests.ledger.providers.stripe.payloads import delivery, event, time

NEVER = datetime.max.replace(tzinfo=UTC)
NOW = time(9)
PAGE = 100

Objects = Mapping[str, Sequence[Json]]
Lie = Callable[[str, Sequence[Listed]], Iterator[Sequence[Listed]]]


def business(size: int) -> Objects:
    """So many of each kind of object, all paid, refunded and disputed."""
    numbers = range(size)
    return {
        "customers": [customer(id=f"cus_{n}") for n in numbers],
        "subscriptions": [subscription(id=f"sub_{n}") for n in numbers],
        "invoices": [invoice(id=f"in_{n}") for n in numbers],
        "payments": [paid(n) for n in numbers],
        "checkout_sessions": [session(id=f"cs_{n}", payment_intent=None) for n in numbers],
        "charges": [charge(id=f"ch_{n}", payment_intent=f"pi_{n}") for n in numbers],
        "refunds": [refund(id=f"re_{n}", payment_intent=f"pi_{n}") for n in numbers],
        "disputes": [dispute(id=f"dp_{n}", payment_intent=f"pi_{n}") for n in numbers],
    }


def paid(number: int) -> Json:
    """A payment that came in."""
    return payment_intent(id=f"pi_{number}", amount_received=1000, status="succeeded")


def honest(_: str, objects: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    """All pages."""
    yield from (objects[at : at + PAGE] for at in range(0, len(objects), PAGE))


def empty(_: str, objects: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    """As if there were nothing."""
    yield from ()


def half(kind: str, objects: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    """As if the first half were all."""
    yield from honest(kind, objects[: len(objects) // 2])


def breaks(kind: str, objects: Sequence[Listed]) -> Iterator[Sequence[Listed]]:
    """An error after half of all."""
    yield from half(kind, objects)
    raise ProviderUnavailable("Stripe", "GET /v1/things: 500")


class Stripe:
    """What it has, and how it tells of it: truly but for `lies`, by list."""

    def __init__(self, objects: Objects, lies: Mapping[str, Lie] | None = None) -> None:
        self.has = {kind: [listed(kind, each) for each in objects[kind]] for kind in LISTINGS}
        self.lies = lies or {}
        self.fails_at: str | None = None

    def pages(self, kind: str, now: datetime) -> Iterator[Sequence[Listed]]:
        return self.lies.get(kind, honest)(kind, self.has[kind])

    def one(self, kind: str, key: str, now: datetime) -> Listed:
        if key == self.fails_at:
            raise ProviderUnavailable("Stripe", f"GET {key}: 500")
        for each in self.has[kind]:
            if each.key == key:
                return each
        raise ProviderNotFound("Stripe", f"GET {key}")

    @property
    def deliveries(self) -> list[Delivery]:
        """All it could tell of its objects."""
        return [each.delivery for objects in self.has.values() for each in objects]


def listed(kind: str, obj: Json) -> Listed:
    found = delivery(event(LISTINGS[kind].type, obj))
    return Listed(obj["id"], found.envelope.created, found)


class Books:
    """Rows that say what these objects say; of `changed` something else."""

    def __init__(self, stripe: Stripe, changed: Mapping[tuple[str, str], Json] | None = None):
        self._stripe = stripe
        self._changed = changed or {}

    def all(self, kind: Kind) -> Rows:
        (name,) = [name for name, each in KINDS.items() if each is kind]
        observed = [said(each) for listing in kind.told_by for each in self._stripe.has[listing]]
        return {
            found.key: Row(
                dict.fromkeys(kind.columns)
                | {each: word(value) for each, value in found.facts.items()}
                | {"since": None, "expected": kind.where != "FALSE"}
                | self._changed.get((name, found.key), {})
            )
            for observations in observed
            for found in told(kind, observations)
        }


def word(value: object) -> object:
    return value.words[0] if isinstance(value, OneOf) else value


class Door:
    """Keeps what comes in; `shuts` after so many, as by Ctrl-C."""

    def __init__(self, shuts: int = 1_000_000) -> None:
        self.kept: list[Delivery] = []
        self.shuts = shuts

    def receive(self, delivery: Delivery) -> bool:
        if len(self.kept) == self.shuts:
            raise KeyboardInterrupt
        is_new = delivery not in self.kept
        self.kept += [delivery] if is_new else []
        return is_new


class Events:
    """What Stripe lists of events, none of which ever came; to `moving` something happened now."""

    def __init__(self, *deliveries: Delivery, about: str = "nothing", moving: str = "") -> None:
        self.all = [Happening(each, frozenset({about})) for each in deliveries]
        self.moving = {moving}

    def pages(self, now: datetime) -> Iterator[list[Happening]]:
        yield self.all

    def new(self, happenings: list[Happening]) -> list[Happening]:
        return happenings

    def seen(self) -> Seen:
        told = [each.delivery.envelope for each in self.all]
        missed = [Missed(each.event_id, each.type, each.created) for each in told]
        return Seen(len(told), missed, self.moving)


def compared(
    stripe: Stripe, books: Books, events: Events | None = None, until: datetime = NEVER
) -> Compared:
    """All kinds, and all events."""
    seen = (events or Events()).seen
    return Comparison(books, KINDS, until).run(stripe, seen, NOW, lambda kind, count: None)


def repaired(found: Compared, stripe: Stripe, door: Door, events: Events | None = None) -> Repair:
    """All that was found is approved."""
    repair = Repair(events or Events(), stripe, door)
    repair.run(found, NOW + timedelta(minutes=1))
    return repair
