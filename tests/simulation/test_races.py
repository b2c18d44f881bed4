"""Lives in which webhooks are lost and fetched later, and commands race the webhooks they need."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from random import Random
from typing import cast

from eventsourcing.persistence import IntegrityError
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.aggregates.purchase import Purchase
from ledger.application import Inbox
from ledger.books import Books
from ledger.consequences import settle_all
from ledger.delivery import Delivery
from ledger.desk import Desk
from ledger.errors import Refusal
from ledger.event import Cause
from ledger.ids import Scope
from ledger.providers.stripe.backfill import Backfill
from ledger.providers.stripe.gateway import PAGE
from ledger.store.log import LogReader
from replay.memory import MemoryLedger
from tests.simulation.in_memory import NOW, RULES, START, deliveries, rows, true_rows, untrue
from tests.simulation.test_invariants import spends
from web.sandbox.lives.stories import STORIES
from web.sandbox.truth.spends import Spend
from web.sandbox.year import Year, simulate

SEEDS = st.integers(0, 4)
ARRIVAL = st.integers(0, 2**32).map(Random)


@cache
def year(seed: int) -> Year:
    return simulate(seed, len(STORIES), START)


@cache
def told(seed: int) -> list[Delivery]:
    return deliveries(year(seed).bodies())


@cache
def undisturbed(seed: int) -> MemoryLedger:
    ledger = MemoryLedger(RULES)
    ledger.keep(told(seed), NOW)
    return ledger


class FakeInbox:
    """Keeps deliveries by their stream, and refuses a second one, as the Inbox and its log do."""

    def __init__(self) -> None:
        self.kept: dict[str, Delivery] = {}

    def append(self, new: Sequence[Delivery]) -> None:
        if self.known([each.originator_id for each in new]):
            raise IntegrityError
        self.kept |= {each.originator_id: each for each in new}

    def receive(self, delivery: Delivery) -> bool:
        return self.kept.setdefault(delivery.originator_id, delivery) is delivery

    def known(self, ids: Sequence[str]) -> set[str]:
        return self.kept.keys() & set(ids)


@settings(max_examples=15, deadline=None)
@given(SEEDS, ARRIVAL, st.floats(0.0, 1.0))
def test_what_was_dropped_and_is_backfilled_ends_as_if_it_had_come(
    seed: int, random: Random, dropped: float
) -> None:
    """Some webhooks never come, others beside the backfill, which is interrupted and repeated."""
    inbox, late = FakeInbox(), list[Delivery]()
    for each in random.sample(told(seed), k=len(told(seed))):
        if random.random() >= dropped:
            inbox.receive(each) if random.random() < 0.8 else late.append(each)

    for _ in range(2):
        for account in {each.envelope.account for each in told(seed)}:
            run = Backfill(cast("Inbox", inbox), cast("LogReader", inbox), account, dry_run=False)
            for page in pages(seed, account):
                for each in random.sample(late, k=min(3, len(late))):
                    inbox.receive(each)
                if random.random() < 0.1:
                    break  # an error of Stripe's ends it
                run.take(page, NOW)
    complete(seed, inbox)

    ledger = MemoryLedger(RULES)
    ledger.keep(list(inbox.kept.values()), NOW)
    assert ledger.fingerprint == undisturbed(seed).fingerprint
    assert untrue(rows(ledger), true_rows(year(seed))) == []


def complete(seed: int, inbox: FakeInbox) -> None:
    """A last run that nothing interrupts."""
    for account in {each.envelope.account for each in told(seed)}:
        run = Backfill(cast("Inbox", inbox), cast("LogReader", inbox), account, dry_run=False)
        for page in pages(seed, account):
            run.take(page, NOW)


def pages(seed: int, account: str) -> list[list[bytes]]:
    """All events of one account, as Stripe lists them: the newest first."""
    listed = [each.body for each in reversed(told(seed)) if each.envelope.account == account]
    return [listed[start : start + PAGE] for start in range(0, len(listed), PAGE)]


@settings(max_examples=10, deadline=None)
@given(SEEDS, ARRIVAL)
def test_commands_may_race_the_webhooks_they_need(seed: int, random: Random) -> None:
    """Credits are spent and payments claimed at any moment, and tried again while refused."""
    ledger = MemoryLedger(RULES)
    waiting = commands(seed)
    arriving = random.sample(told(seed), k=len(told(seed)))
    while arriving:
        size = random.randint(1, 200)
        ledger.keep(arriving[:size], NOW)
        arriving = arriving[size:]
        waiting = [each for each in waiting if random.random() < 0.5 or not done(ledger, each)]
    refused = [each for each in waiting if not done(ledger, each)]

    assert refused == []
    after = MemoryLedger(RULES)
    after.keep(told(seed), NOW)
    assert [each for each in commands(seed) if not done(after, each)] == []
    assert ledger.fingerprint == after.fingerprint


def commands(seed: int) -> list[Spend | str]:
    """What is asked of the ledger: credits spent, and payments claimed."""
    return [*affordable(seed), *unmatched(seed)]


def done(ledger: MemoryLedger, command: Spend | str) -> bool:
    """Whether a command is accepted now."""
    return spends(ledger, command) if isinstance(command, Spend) else claims(ledger, command)


def claims(ledger: MemoryLedger, payment_id: str) -> bool:
    """A person says whose a payment is; refused while it has not been seen."""
    books, why = Books(ledger.load), Cause(f"claim/{payment_id}", START, NOW)
    desk = Desk(books, RULES.policy, Scope("stripe", livemode=False), why)
    purchase = desk.get(Purchase, payment_id)
    try:
        purchase.claim("claimant", why)
    except Refusal:
        return False
    desk.unsettle(purchase.id)
    settle_all(desk)
    books.keep()
    ledger.append(books.collect_events())
    return True


@cache
def unmatched(seed: int) -> list[str]:
    """Payments of ours nobody is ever known for."""
    found = undisturbed(seed).rows["purchases"].values()
    return [
        row.purchase_id  # type: ignore[attr-defined]  # rows of this table
        for row in found
        if (row.customer_id, row.account, row.status) == (None, "", "paid")  # type: ignore[attr-defined]  # the same
    ]


@cache
def affordable(seed: int) -> list[Spend]:
    """Spending for which there are credits however much is taken back before it."""
    left = {
        (row.account, row.customer_id): row.available  # type: ignore[attr-defined]  # rows of this table
        for row in undisturbed(seed).rows["balances"].values()
    }
    found = []
    for each in year(seed).spends:
        key = each.account, each.customer_id
        if each.credits <= left.get(key, 0):
            left[key] -= each.credits
            found.append(each)
    return found


def test_there_is_something_to_spend_and_to_claim() -> None:
    assert all(affordable(seed) and unmatched(seed) for seed in range(5))
