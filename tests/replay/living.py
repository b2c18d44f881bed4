"""A ledger that has lived a year: deliveries, commands, a claim, a refusal and its retry."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from random import Random

from msgspec.structs import replace

from ledger.aggregates.hand_grant import HandGrant
from ledger.application import Inbox, Ledger
from ledger.assembly import OBSERVERS
from ledger.bookkeeper import Bookkeeper, stored_streams
from ledger.clerk import Rules
from ledger.commands import Claim, claim_payment, spend_credits
from ledger.delivery import Delivery
from ledger.effects import Access
from ledger.errors import InsufficientCredits
from ledger.event import Cause
from ledger.ids import Scope
from ledger.policy import Policy
from ledger.providers.stripe.receiver import envelope
from ledger.retrying import retry
from ledger.store.log import LogReader
from ledger.store.names import Names
from projections.projector import Projector
from projections.schema import migrate
from replay.past import Past
from tests.ledger.providers.stripe.objects import payment_intent
from tests.ledger.providers.stripe.payloads import delivery, event
from web.sandbox import Spend, simulate
from web.sandbox.faults import Attempt, Faults, plan, with_spends
from web.sandbox.truth.calendar import DAY

NAMES = Names()
START = datetime(2026, 1, 1, tzinfo=UTC)
RULES = Rules(OBSERVERS, Policy(), livemode=False)
BROKEN = Rules({}, Policy(), livemode=False)
"""What yesterday's code was like: it could read nothing of Stripe's."""
SCOPE = Scope("stripe", livemode=False)
FAULTS = Faults(duplicates=0.1, shuffle=0.3, delay_seconds=20 * DAY, drops=0.05)
LAG = timedelta(seconds=2)
YEAR = timedelta(days=365)
BATCH = 7


class Life:
    """One installation whose clock is told; `at` is the time of what happens next."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.at = START
        self._inbox = Inbox(url, NAMES, pool_size=1)
        self._ledger = Ledger(url, NAMES, pool_size=1)
        self._log = LogReader(url, NAMES.ledger)

    def receive(self, *deliveries: Delivery) -> None:
        """They arrive now."""
        for each in deliveries:
            self._inbox.receive(replace(each, received_at=self.at))

    def work(self, rules: Rules = RULES) -> None:
        """A bookkeeper works off what has arrived, a little later."""
        inbox, log = LogReader(self.url, NAMES.inbox), LogReader(self.url, NAMES.ledger)
        ledger = Ledger(self.url, NAMES, pool_size=1)
        with closing(Bookkeeper(inbox, log, ledger, rules, lambda: self.at + LAG)) as keeper:
            keeper.run_until_idle()

    def spend(self, entry: Spend) -> bool:
        """The application's command, as far as there are credits."""
        scope = Scope("stripe", livemode=False, account=entry.account)
        who, credits, key = entry.customer_id, entry.credits, entry.key
        try:
            spend_credits(self._ledger, scope, who, credits, key, self.at)
        except InsufficientCredits:
            return False
        return True

    def claim(self, payment_id: str, customer_id: str) -> None:
        """A person's word."""
        claimed = Claim(payment_id, customer_id, self.at)
        claim_payment(self._ledger, stored_streams(self._log), RULES.policy, SCOPE, claimed)

    def grant(self, grant_id: str, customer_id: str, feature: str) -> None:
        """A person grants access by hand, for a year."""
        grant = HandGrant(SCOPE.stream(HandGrant.CATEGORY, grant_id))
        access = Access(customer_id, (feature,), self.at, ends_at=self.at + YEAR)
        grant.give(access, "she asked nicely", Cause("checkout", self.at, self.at))
        self._ledger.append(list(grant.collect_events()))

    def retry(self, refused: Delivery) -> None:
        """Worked off again by today's code."""
        with Past(self.url, NAMES) as past:
            kept = past.deliveries([refused.originator_id])[refused.originator_id]
        retry(self._ledger, stored_streams(self._log), RULES, kept, lambda: self.at)

    def project(self) -> None:
        """All of it into the tables."""
        migrate(self.url)
        with closing(Projector(self.url, NAMES)) as projector:
            projector.run_until_idle()

    def close(self) -> None:
        self._inbox.close()
        self._ledger.close()
        self._log.close()


def lived(url: str, then: Rules = BROKEN, customers: int = 6, seed: int = 11) -> None:
    """Lives a year that arrives late, twice and out of order, with all kinds of commands in it.

    A part of it was worked off by the code of `then`.
    """
    with closing(Life(url)) as life:
        entries = list(_entries(customers, seed))
        for number, (at, entry) in enumerate(entries):
            life.at = at
            if isinstance(entry, Spend):
                life.work()
                life.spend(entry)
            else:
                life.receive(entry)
            if number % BATCH == 0:
                life.work()
            if number == len(entries) // 2:
                _troubles(life, then)
        life.work()
        life.project()


def nobodys(number: int) -> Delivery:
    """A payment of which nobody knows whose it is."""
    named = {
        "id": f"pi_nobody{number}",
        "customer": None,
        "metadata": {"credits": "50"},
        "amount_received": 1000,
    }
    return delivery(
        event("payment_intent.succeeded", payment_intent(**named), id=f"evt_nobody{number}")
    )


def unreadable() -> Delivery:
    """A payment of a negative amount."""
    paid = nobodys(9)
    body = paid.body.replace(b'"amount":', b'"amount":-', 1)
    return replace(paid, body=body)


def _troubles(life: Life, then: Rules) -> None:
    """A claim; what is refused by any code; and what only an old release could not read."""
    life.work()
    life.receive(nobodys(1))
    life.work()
    life.claim("pi_nobody1", "ann")
    life.spend(Spend(0, "ann", 20, "job-1"))
    life.grant("g1", "ann", "plan:pro")
    life.receive(unreadable())
    life.work()
    life.retry(unreadable())
    life.receive(nobodys(2), nobodys(3))
    life.work(then)
    if then is BROKEN:
        life.retry(nobodys(2))


def _entries(customers: int, seed: int) -> Iterator[tuple[datetime, Delivery | Spend]]:
    year = simulate(seed, customers, START)
    bodies: Sequence[bytes] = tuple(year.bodies())
    attempts = plan([fact.at for fact in year.facts], FAULTS, Random(seed))
    for entry in with_spends(attempts, year.spends):
        at = datetime.fromtimestamp(entry.at, UTC)
        if isinstance(entry, Attempt):
            yield at, Delivery(envelope(bodies[entry.event]), at, {}, bodies[entry.event])
        else:
            yield at, entry
