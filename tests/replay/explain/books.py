"""Books in which a bill of ann's is not paid, and reactions to it, each at a time that is told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import msgspec

from ledger.aggregates import subscription as subscriptions
from ledger.aggregates.dunning import Dunning, HeldPlan
from ledger.aggregates.invoice_events import Finalized, PaymentFailed, Standing
from ledger.application import Ledger
from ledger.bookkeeper import stored_streams
from ledger.dunning.deciding import DOWNGRADE, LAPSING
from ledger.effects import Access
from ledger.event import Cause, Event
from ledger.observations import Bill, InvoiceStatus, Payer, Period, Plan
from ledger.reactions.effects import Effect, World
from ledger.reactions.executor import Executor
from ledger.reactions.reactor import Reactor
from ledger.reactions.store import Reactions
from ledger.settings import Settings
from ledger.settings.dunning import Dunning as Ending
from ledger.settings.reacting import Reacting
from ledger.snapshots import Newest, Snapshot
from ledger.store.log import LogReader
from replay.explain.dunning import Step, Terms, steps
from replay.explain.trouble import About
from replay.past import Past
from tests.ledger.given import SCOPE, START, day, usd
from tests.ledger.reactions.given import NAMES, Clock

PRO = HeldPlan("pro", "sub_1", "price_pro", 1)
ASKED = About(subscriptions=frozenset(["sub_1"]))
MONTH = Period(START, day(30))
OWN = Ending(own_days=5)


def bill(
    status: InvoiceStatus, tries: int, again: float | None = None, covers: Period = MONTH
) -> Bill:
    """Of ann's plan; `again` is the day of the next try."""
    return Bill(
        status=status,
        payer=Payer(user_id="ann"),
        total=usd(2900),
        paid=usd(2900 if status == "paid" else 0),
        subscription_id="sub_1",
        covers=covers,
        attempt_count=tries,
        next_attempt_at=None if again is None else day(again),
        finalized_at=START,
    )


def stands(kind: type[Standing], bill: Bill, at: float) -> Standing:
    return kind(standing=Newest((Snapshot(bill, day(at)),)))


class Books:
    """A Ledger, and a reactor with effects of the test's."""

    def __init__(self, url: str, effect: Effect) -> None:
        self.url = url
        self.clock = Clock()
        self.ledger = Ledger(url, NAMES, pool_size=1)
        self.reactions = Reactions(url, NAMES)
        self.history, self.log = LogReader(url, NAMES.ledger), LogReader(url, NAMES.reactions)
        self._effect = effect
        self._versions: dict[str, int] = {}
        self._reactor().begin()

    def happens(self, category: str, key: str, at: float, *events: Event) -> None:
        """On some day."""
        stream, when = SCOPE.stream(category, key), day(at)
        first = self._versions.get(stream, 0) + 1
        self._versions[stream] = first + len(events) - 1
        why = Cause(f"because-{at}", when, when)
        self.ledger.append([e.stamped(stream, n, why) for n, e in enumerate(events, first)])

    def is_held(self, plan_id: str | None = "pro") -> None:
        """Ann has pro by sub_1, paid until the start of the story, and a week of grace."""
        plan = Plan("active", Payer(user_id="ann"), day(-30), ("plan:pro",), 1, plan_id=plan_id)
        started = subscriptions.Started(standing=Newest((Snapshot(plan, day(-30)),)))
        access = Access("ann", ("plan:pro",), day(-30), START, day(7))
        self.happens("subscription", "sub_1", -30, started, subscriptions.Entitled(access=access))

    def fails(self, key: str = "in_1", covers: Period = MONTH) -> None:
        """A bill, twice reported each time: it waits, and on day 0 and 2 nobody pays it."""
        open_ = [bill("open", n, again, covers) for n, again in ((0, 0), (1, 2), (2, 9))]
        self.happens("invoice", key, 0, stands(Finalized, open_[0], 0))
        for at, each in ((0.1, open_[1]), (2, open_[2])):
            now = stands(PaymentFailed, each, at)
            self.happens("invoice", key, at, now, msgspec.structs.replace(now))

    def dunned(self, at: float, *events: Event) -> None:
        """What is recorded of ann's plan."""
        self.happens(Dunning.CATEGORY, "ann", at, *events)

    def reacts(self, at: float) -> None:
        """Notes and does all there is, on some day."""
        self.clock.now = day(at)
        while self._reactor().follow():
            pass
        settings = Settings.from_environment({})
        world = World(settings, stored_streams(self.history), self.clock)
        effects = {DOWNGRADE: self._effect}
        executor = Executor(self.log, self.reactions, effects, world, self.clock)
        executor.follow()
        while executor.work():
            executor.follow()

    def explained(self, at: float, ending: Ending | None = OWN) -> list[Step]:
        """The way of ann's bills, as of some day."""
        streams = sorted(self._versions)
        with Past(self.url, NAMES) as past:
            return steps(past, streams, Terms(ending=ending), ASKED, day(at))

    def _reactor(self) -> Reactor:
        rules = (LAPSING, Reacting(dunning=OWN))
        return Reactor(self.history, self.log, self.reactions, rules, self.clock)

    def close(self) -> None:
        for each in (self.history, self.log, self.reactions, self.ledger):
            each.close()


@contextmanager
def kept(url: str, effect: Effect = lambda task, world: None) -> Iterator[Books]:
    """Books in which pro is held and its bill in_1 failed."""
    books = Books(url, effect)
    try:
        books.is_held()
        books.fails()
        yield books
    finally:
        books.close()


def kinds(told: Sequence[Step]) -> list[str]:
    return [each.kind for each in told]


def says(told: Sequence[Step], kind: str) -> list[str]:
    return [each.says for each in told if each.kind == kind]


def at(told: Sequence[Step], kind: str) -> list[datetime | None]:
    return [each.at for each in told if each.kind == kind]
