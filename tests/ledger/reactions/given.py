"""A Ledger, its reactions, and a world of which every effect is noted."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import msgspec

from ledger.aggregates.customer import Customer, Identified, Reported
from ledger.aggregates.purchase_events import Attributed, Receipted
from ledger.application import Ledger
from ledger.bookkeeper import stored_streams
from ledger.effects import Receipt
from ledger.event import Cause, Event
from ledger.observations import CustomerDetails
from ledger.reactions.deciding import Decisions, Intent, Seen
from ledger.reactions.effects import Effect, Task, World
from ledger.reactions.executor import Executor
from ledger.reactions.reaction import Reaction
from ledger.reactions.reactor import Reactor
from ledger.reactions.store import Reactions, reactions_of
from ledger.settings import Settings
from ledger.snapshots import Newest, Snapshot
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.ledger.given import SCOPE, START, usd

NAMES = Names()
BOUGHT = SCOPE.stream("purchase", "pi_1")
SCHEMAS = (NAMES.reactions,)


class Told(msgspec.Struct, frozen=True):
    """All that the effect of these tests needs."""

    amount: int


def told(seen: Seen) -> Iterator[Intent]:
    """One for each payment that has a receipt."""
    event = seen.event
    assert isinstance(event, Receipted)
    if event.receipt:
        yield Intent("test.told", seen.stream.key, Told(event.receipt.paid.minor))


DECISIONS: Decisions = {Receipted: (told,)}


class Clock:
    """Stands still until it is turned."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def turn(self, by: timedelta) -> None:
        self.now += by


class Noted:
    """An effect that notes who asked for it; it fails with each of `failures` first."""

    def __init__(self, *failures: Exception) -> None:
        self.tasks: list[Task] = []
        self.failures = list(failures)

    def __call__(self, task: Task, world: World) -> str | None:
        self.tasks.append(task)
        if self.failures:
            raise self.failures.pop(0)
        return None


class Workshop:
    """The parts of a reactor on one database, each made anew when it is asked for."""

    def __init__(self, url: str, clock: Clock, effect: Effect, decisions: Decisions) -> None:
        self.url = url
        self.clock = clock
        self.history, self.log = LogReader(url, NAMES.ledger), LogReader(url, NAMES.reactions)
        self.reactions = Reactions(url, NAMES)
        self.ledger = Ledger(url, NAMES, pool_size=1)
        self._effect = effect
        self._decisions = decisions
        self.settings = Settings.from_environment({"BILLING_MAIL_DIR": "unused"})

    def reactor(self) -> Reactor:
        by = (self._decisions, self.settings.reacting)
        made = Reactor(self.history, self.log, self.reactions, by, self.clock)
        made.begin()
        return made

    def executor(self) -> Executor:
        world = World(self.settings, stored_streams(self.history), self.clock)
        effects = {"test.told": self._effect}
        made = Executor(self.log, self.reactions, effects, world, self.clock)
        made.follow()
        return made

    def react(self) -> None:
        """Note and do all there is, once."""
        reactor = self.reactor()
        while reactor.follow():
            pass
        executor = self.executor()
        while executor.work():
            executor.follow()

    def append(self, *events: Event) -> None:
        self.ledger.append(events)

    def all(self) -> dict[str, Reaction]:
        """All reactions there are."""
        topics = ("Intended", "Done", "Failed", "Parked", "Retried", "Dismissed")
        ids = self.log.ending_in([f"Reaction.{each}" for each in topics])
        return reactions_of(self.log, ids)

    def close(self) -> None:
        for each in (self.history, self.log, self.reactions, self.ledger):
            each.close()


@contextmanager
def workshop(
    url: str, clock: Clock, effect: Effect, decisions: Decisions = DECISIONS
) -> Iterator[Workshop]:
    made = Workshop(url, clock, effect, decisions)
    try:
        yield made
    finally:
        made.close()


def sold(number: int, at: datetime = START, customer: str = "cus_1") -> list[Event]:
    """A payment that is somebody's, with its receipt."""
    stream = SCOPE.stream("purchase", f"pi_{number}")
    receipt = Receipt("ann", usd(100 + number), at)
    whose = Attributed(customer_id="ann", provider_customer_id=customer)
    return stamped(stream, at, whose, Receipted(receipt=receipt))


def ann(email: str | None = "ann@customers.example", at: datetime = START) -> list[Event]:
    """A customer with an address, who is user `ann`."""
    details = CustomerDetails(created=at, user_id="ann", email=email, name="Ann")
    standing = Newest((Snapshot(details, at),))
    stream = SCOPE.stream(Customer.CATEGORY, "cus_1")
    return stamped(stream, at, Reported(standing=standing), Identified(customer_id="ann"))


def stamped(stream: str, at: datetime, *events: Event) -> list[Event]:
    """Events as the first of a stream."""
    return [each.stamped(stream, n, Cause("evt_1", at, at)) for n, each in enumerate(events, 1)]


def by_clock(now: Callable[[], datetime], events: Sequence[Event]) -> list[Event]:
    """The events as recorded now."""
    return [msgspec.structs.replace(each, recorded_at=now()) for each in events]
