"""Webhooks that never came: they are found and fetched, and asking never makes things worse."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest

from ledger.application import Inbox
from ledger.delivery import Delivery
from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe import gateway
from ledger.providers.stripe.backfill import Backfill
from ledger.providers.stripe.gateway import EventQuery
from ledger.store.log import LogReader
from replay.memory import MemoryLedger
from tests.ledger.conftest import NAMES
from tests.ledger.providers.stripe.objects import NOW, invoice, payment_intent, subscription
from tests.ledger.providers.stripe.payloads import delivery, event
from tests.ledger.providers.stripe.stand_in import StandIn, stand_in
from tests.museum.telling import RULES, may_use, told

AT = datetime.fromtimestamp(NOW, UTC) + timedelta(days=20)
BEGUN = event("customer.subscription.created", subscription())
PAID = event("invoice.paid", invoice())
CANCELED = subscription(id="sub_2", status="canceled", ended_at=NOW)
OTHERS = [
    event("payment_intent.succeeded", payment_intent(id=f"pi_{n}", amount_received=1000), n / 100)
    for n in range(2, 150)
]
MISSED = [BEGUN, PAID, *OTHERS, event("customer.subscription.deleted", CANCELED, 3)]


@pytest.fixture
def stripe() -> Iterator[StandIn]:
    with stand_in(MISSED, now=AT.timestamp) as found:
        yield found


@pytest.fixture
def inbox(database_url: str) -> Iterator[Inbox]:
    with Inbox(database_url, NAMES, pool_size=1) as opened:
        yield opened


@pytest.fixture
def log(database_url: str) -> Iterator[LogReader]:
    with closing(LogReader(database_url, NAMES.inbox)) as reader:
        yield reader


def backfill(stripe: StandIn, inbox: Inbox, log: LogReader, pages: int | None = None) -> Backfill:
    """What `billing backfill` does; with `pages`, only so many of them."""
    run = Backfill(inbox, log, account="", dry_run=False)
    listed = stripe.gateway().pages(EventQuery(AT - timedelta(days=30)))
    for page in islice(listed, pages):
        run.take(page, AT)
    return run


def ledger_of(log: LogReader) -> MemoryLedger:
    """A ledger that has worked off what is in the Inbox."""
    ledger = MemoryLedger(RULES)
    for page in log.pages(0):
        ledger.keep([Delivery.from_state(state) for *_, state in page], AT)
    return ledger


def test_who_paid_while_the_webhook_was_gone_is_let_in(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    """arogan178/macrotrackr#174 (six weeks), MLTSHP/mltshp#286 (an endpoint disabled for weeks),
    mysociety/alaveteli#8773 "Pro role not added after failed payment / webhook failure",
    empirical-org/Empirical-Core#2566 "Check Stripe for Holes in Premium Activation".

    Guard: what Stripe lists and the Inbox has not is fetched, and counts as if it had come.
    """
    assert not ledger_of(log).rows["entitlements"], "paid, and locked out"

    run = backfill(stripe, inbox, log)

    assert run.new.total() == len(MISSED)
    assert may_use(ledger_of(log), on=20)
    assert ledger_of(log).fingerprint == told(*MISSED).fingerprint


def test_no_page_is_left_out_and_no_status_either(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    """Cap-go/capgo.app#2993 (only the first 1,000 rows); sync-engine-fork#399 "Full subscription
    backfill omits canceled subscriptions"; dj-stripe#1499 "Missing Some Invoices".

    Guard: events are listed, of everything that happened, and page by page to the end.
    """
    first = backfill(stripe, inbox, log, pages=1)
    assert first.new.total() == gateway.PAGE < len(MISSED)
    with_holes = ledger_of(log).fingerprint

    backfill(stripe, inbox, log)

    statuses = {row.status for row in ledger_of(log).rows["subscriptions"].values()}  # type: ignore[attr-defined]  # rows of this table
    assert "canceled" in statuses
    assert with_holes != ledger_of(log).fingerprint == told(*MISSED).fingerprint


def test_a_repair_that_is_told_nothing_takes_nothing(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    """indentlabs/notebook docs/incidents/2026-09-subscription-sync-mass-downgrade.md (an API error
    read as "no subscription"); AI-Shipping-Labs#1308.

    Guard: an error ends the backfill, an empty list adds nothing, and neither says that anything
    is gone.
    """
    backfill(stripe, inbox, log)
    before = ledger_of(log).fingerprint

    stripe.failures.always = 503
    with pytest.raises(ProviderUnavailable):
        backfill(stripe, inbox, log)
    with stand_in([], now=AT.timestamp) as empty:
        assert backfill(empty, inbox, log).listed.total() == 0

    assert ledger_of(log).fingerprint == before
    assert may_use(ledger_of(log), on=20)


def test_stripe_is_asked_for_pages_and_never_once_an_event(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    """dj-stripe#2127 "Intermittent RateLimitError when Syncing Subscription Data" (each event asks
    for its object); stripe/sync-engine#111 "Can't backfill with /sync".

    Guard: an event says how things stand, so a backfill asks once a page, and a webhook for
    nothing: what is known is asked for never.
    """
    for each in MISSED:
        inbox.receive(delivery(each))
    assert stripe.asked == []

    run = backfill(stripe, inbox, log)

    assert run.new.total() == 0
    assert len(stripe.asked) == -(-len(MISSED) // gateway.PAGE)
