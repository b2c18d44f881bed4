"""What was missed is fetched and kept once, whatever else comes in meanwhile."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from ledger.application import Inbox
from ledger.delivery import Delivery
from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe.backfill import HEADERS, Backfill
from ledger.providers.stripe.gateway import EventQuery
from ledger.settings import Settings
from ledger.store.log import LogReader
from ledger.store.schema import migrate
from projections import schema as tables
from projections.fingerprint import current_fingerprint
from projections.workers import run_until_idle
from tests.ledger.conftest import NAMES
from tests.ledger.providers.stripe.objects import NOW, Json
from tests.ledger.providers.stripe.payloads import delivery, event
from tests.ledger.providers.stripe.stand_in import StandIn, stand_in
from web.sandbox import simulate

AT = datetime.fromtimestamp(NOW, UTC)
ALL = EventQuery(AT - timedelta(days=30))
EVENTS = [
    event("customer.created", {"id": f"cus_{number}", "object": "customer"}, number / 1000 - 1)
    for number in range(250)
]


@pytest.fixture
def stripe() -> Iterator[StandIn]:
    with stand_in(EVENTS) as found:
        yield found


@pytest.fixture
def log(database_url: str) -> Iterator[LogReader]:
    with closing(LogReader(database_url, NAMES.inbox)) as reader:
        yield reader


def backfilled(
    stripe: StandIn, inbox: Inbox, log: LogReader, query: EventQuery = ALL, dry_run: bool = False
) -> Backfill:
    run = Backfill(inbox, log, query.account, dry_run)
    for page in stripe.gateway().pages(query):
        run.take(page, AT)
    return run


def kept(log: LogReader) -> list[Delivery]:
    return [Delivery.from_state(state) for page in log.pages(0) for *_, state in page]


def receive(inbox: Inbox, events: Sequence[Json]) -> int:
    """As webhooks; how many of them were new."""
    return sum(inbox.receive(delivery(each)) for each in events)


def test_what_is_missing_is_kept_and_the_rest_is_counted(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    receive(inbox, EVENTS[::2])
    before = kept(log)

    run = backfilled(stripe, inbox, log)

    assert (run.listed.total(), run.new.total(), run.unreadable) == (250, 125, [])
    assert kept(log)[:125] == before
    assert {each.envelope.event_id for each in kept(log)} == {each["id"] for each in EVENTS}


def test_a_backfilled_delivery_says_that_it_has_no_signature(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    backfilled(stripe, inbox, log)

    newest, *_ = kept(log)
    assert (newest.headers, newest.received_at) == (HEADERS, AT)
    assert json.loads(newest.body) == EVENTS[-1]
    assert newest.envelope == delivery(EVENTS[-1]).envelope


def test_a_second_run_finds_nothing_new(stripe: StandIn, inbox: Inbox, log: LogReader) -> None:
    backfilled(stripe, inbox, log)
    before = kept(log)

    run = backfilled(stripe, inbox, log)

    assert (run.listed.total(), run.new.total()) == (250, 0)
    assert kept(log) == before


def test_a_dry_run_counts_and_keeps_nothing(stripe: StandIn, inbox: Inbox, log: LogReader) -> None:
    receive(inbox, EVENTS[:50])

    run = backfilled(stripe, inbox, log, dry_run=True)

    assert (run.listed.total(), run.new.total()) == (250, 200)
    assert len(kept(log)) == 50


def test_an_empty_list_changes_nothing(stripe: StandIn, inbox: Inbox, log: LogReader) -> None:
    receive(inbox, EVENTS[:1])

    run = backfilled(stripe, inbox, log, EventQuery(ALL.since, types=["payout.paid"]))

    assert (run.listed.total(), run.new.total()) == (0, 0)
    assert len(kept(log)) == 1


def test_an_error_between_pages_ends_it_and_leaves_what_was_fetched(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    stripe.failures.soon.extend([None, 500])

    with pytest.raises(ProviderUnavailable):
        backfilled(stripe, inbox, log)

    assert [each.envelope.event_id for each in kept(log)] == [
        each["id"] for each in reversed(EVENTS[150:])
    ]
    assert backfilled(stripe, inbox, log).new.total() == 150


class BlindLog(LogReader):
    """Knows of nothing: as if each webhook came just after we looked."""

    def known(self, ids: Sequence[str]) -> set[str]:
        return set()


def test_what_a_webhook_brings_first_is_not_new(
    stripe: StandIn, inbox: Inbox, log: LogReader, database_url: str
) -> None:
    receive(inbox, EVENTS[100:130])

    with closing(BlindLog(database_url, NAMES.inbox)) as blind:
        run = backfilled(stripe, inbox, blind)

    assert (run.listed.total(), run.new.total()) == (250, 220)
    assert len(kept(log)) == 250


def test_beside_live_webhooks_each_event_is_new_once(
    stripe: StandIn, inbox: Inbox, log: LogReader, database_url: str
) -> None:
    with Inbox(database_url, NAMES, pool_size=2) as endpoint, ThreadPoolExecutor(4) as pool:
        webhooks = [pool.submit(receive, endpoint, EVENTS[n::4]) for n in range(4)]
        run = backfilled(stripe, inbox, log)
        posted = sum(each.result() for each in webhooks)

    assert run.listed.total() == posted + run.new.total() == len(kept(log)) == 250


def test_an_account_is_told_though_its_own_events_do_not_name_it(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    theirs = [each | {"account": "acct_9"} for each in EVENTS[:3]]
    for each in theirs:
        stripe.shelf.add(each)
    receive(inbox, theirs[:1])

    run = backfilled(stripe, inbox, log, EventQuery(ALL.since, account="acct_9"))

    assert (run.listed.total(), run.new.total()) == (3, 2)
    assert [each.envelope.account for each in kept(log)] == ["acct_9"] * 3


def test_an_event_nobody_can_read_is_told_and_stops_nothing(
    stripe: StandIn, inbox: Inbox, log: LogReader
) -> None:
    stripe.shelf.add(EVENTS[-1] | {"id": "evt odd"})

    run = backfilled(stripe, inbox, log)

    assert run.new.total() == 250
    [problem] = run.unreadable
    assert "no Stripe event" in problem


def test_dropped_deliveries_and_a_backfill_come_to_the_same_as_undisturbed(
    database_url: str,
) -> None:
    days = 28
    year = simulate(5, 40, AT - timedelta(days=days), days)
    dropped = {each["id"] for number, each in enumerate(year.events) if number % 3}
    assert len(year.events) > 300

    with a_ledger(database_url, "whole") as (settings, inbox, _):
        receive(inbox, year.events)
        undisturbed = worked_off(settings, database_url)
    with a_ledger(database_url, "holes") as (settings, inbox, log), stand_in(year.events) as api:
        receive(inbox, without(year.events, dropped))
        with_holes = worked_off(settings, database_url)
        api.shelf.undelivered = dropped
        accounts = {each.get("account", "") for each in year.events}
        queries = [EventQuery(ALL.since, delivered=False, account=each) for each in accounts]
        runs = [backfilled(api, inbox, log, query) for query in queries]
        filled = worked_off(settings, database_url)

    assert "" in accounts != {""}
    assert sum(run.listed.total() for run in runs) == len(dropped)
    assert sum(run.new.total() for run in runs) == len(dropped)
    assert with_holes != undisturbed == filled


def without(events: Sequence[Json], ids: Collection[str]) -> list[Json]:
    return [each for each in events if each["id"] not in ids]


@contextmanager
def a_ledger(url: str, name: str) -> Iterator[tuple[Settings, Inbox, LogReader]]:
    """One of several ledgers in the same database."""
    places = ("INBOX", "LEDGER", "PROJECTIONS", "FINANCE")
    settings = Settings.from_environment(
        {f"BILLING_{place}_SCHEMA": f"{name}_{place.lower()}" for place in places}
    )
    migrate(url, settings.names)
    tables.migrate(url, settings.names)
    with (
        Inbox(url, settings.names, pool_size=1) as inbox,
        closing(LogReader(url, settings.names.inbox)) as log,
    ):
        yield settings, inbox, log


def worked_off(settings: Settings, url: str) -> str:
    """The fingerprint of the tables once all is worked off."""
    run_until_idle(settings, url)
    return current_fingerprint(url, settings.names)[1]
