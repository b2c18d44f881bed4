"""Thin events through the real programs: snapshots are fetched, and a failing API blocks nobody."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec
import pytest

from ledger.providers.stripe.fees import Fees
from ledger.providers.stripe.snapshots import Snapshots
from ledger.store.log import LogReader
from tests.ledger.providers.stripe.stand_in import KEY, StandIn, stand_in
from tests.system.installation import NAMES, SECRET, Installation
from tests.system.leaders import leader
from tests.system.patience import until
from web.sandbox import Year, oracle, simulate
from web.sandbox.api import notification
from web.sandbox.deliver import Course, Receiver, deliver
from web.sandbox.demo.comparison import differences, rows
from web.sandbox.faults import Attempt
from web.sandbox.lives.shop import PLATFORM
from web.sandbox.render.transactions import balance_transaction
from web.sandbox.truth.intents import Charge
from web.sandbox.truth.transactions import BalanceTransaction, fee_minor

DAYS = 28
FEW = 20  # charges, of whose fees ten a second are asked for


@pytest.fixture(scope="module")
def year() -> Year:
    """Some weeks that end now, so that Stripe would still list them."""
    return simulate(11, 30, datetime.now(UTC) - timedelta(days=DAYS + 1), DAYS)


@pytest.fixture
def stripe(year: Year) -> Iterator[StandIn]:
    with stand_in(year.events, now=time.time) as found:
        yield found


@pytest.fixture
def fetching(installation: Installation, stripe: StandIn) -> Installation:
    """An installation with a key for the stand-in, and its endpoint."""
    asked = {"STRIPE_SECRET_KEY": KEY, "STRIPE_API_BASE": stripe.url}
    installation.settings |= {**asked, "BILLING_FETCH_FEES": "no"}
    installation.serve()
    return installation


def test_a_failing_api_holds_up_thin_events_only_and_they_catch_up(
    fetching: Installation, stripe: StandIn, year: Year
) -> None:
    workers = fetching.work()
    stripe.failures.always = 503
    post(fetching, mixed(year))
    fetching.until_idle()
    until(lambda: "the fetcher tries again in" in workers.said, "the fetcher to give up once")

    behind = fetching.status()
    stripe.failures.always = None
    until_fetched(fetching)

    assert behind["bookkeeper"]["lag_events"] == behind["projector"]["lag_events"] == 0
    assert behind["fetcher"]["leader"]
    assert behind["fetcher"]["lag_events"] > 0
    assert "died" not in workers.said
    assert_true(fetching, year)
    assert_all_explained(fetching, year)


def test_a_killed_fetcher_goes_on_where_it_was(
    fetching: Installation, stripe: StandIn, year: Year
) -> None:
    stripe.failures.upto = 0
    workers = fetching.work()
    post(fetching, mixed(year))

    for _ in range(3):
        stripe.failures.upto = len(stripe.asked) + 30
        until(partial(is_kept_waiting, stripe), "the fetcher to ask")
        leader(fetching, "fetcher").kill()
    stripe.failures.upto = None
    until_fetched(fetching)

    died = "the fetcher died with status -9"
    until(lambda: workers.said.count(died) == 3, "the last death to be told")
    assert_true(fetching, year)
    assert_all_explained(fetching, year)


def test_until_idle_does_what_it_can_and_says_what_it_could_not(
    fetching: Installation, stripe: StandIn, year: Year
) -> None:
    post(fetching, mixed(year))
    stripe.failures.always = 401

    fetching.run("work", "--until-idle", status=1)
    behind = fetching.status(status=1)
    told = fetching.run("status", status=1)
    stripe.failures.always = None
    fetching.run("work", "--until-idle")

    assert behind["bookkeeper"]["lag_events"] == behind["projector"]["lag_events"] == 0
    assert behind["fetcher"]["lag_events"] > 0
    assert "fetcher     not running, at 0 of " in told
    assert fetching.status()["fetcher"]["lag_events"] == 0
    assert_true(fetching, year)
    assert_all_explained(fetching, year)


def test_without_a_key_there_is_no_fetcher(installation: Installation) -> None:
    installation.run("work", "--until-idle")

    assert installation.status()["fetcher"] is None
    assert "fetcher" not in installation.run("status")


def test_what_payments_cost_is_in_the_tables_and_ties_out(
    fetching: Installation, stripe: StandIn, year: Year
) -> None:
    truth = year.truth.as_of()
    charged = [one for one in truth.all(Charge) if one.balance_transaction][:FEW]
    stripe.movements |= {("", str(one.balance_transaction)): movement(year, one) for one in charged}
    fetching.settings["BILLING_FETCH_FEES"] = "yes"
    names = {one.id for one in charged}
    updates = [each for each in year.events if each["data"]["object"]["id"] in names]
    workers = fetching.work()
    stripe.failures.always = 503
    post(fetching, updates)
    fetching.until_idle()
    until(lambda: "the fetcher tries again in" in workers.said, "the fetcher to give up once")
    behind = fetching.status()

    stripe.failures.always = None
    until_fetched(fetching, Fees.position)

    assert behind["bookkeeper"]["lag_events"] == 0 < behind["fees"]["lag_events"]
    with fetching.finance() as finance:
        found = rows(finance, NAMES.finance, "balance_transactions")
    told = {(row["purchase_id"], row["amount_minor"], row["fee_minor"]) for row in found}
    assert told == {
        (one.intent, one.amount_captured, fee_minor(one.amount_captured)) for one in charged
    }


def movement(year: Year, charge: Charge) -> dict[str, Any]:
    """What the API answers about what a charge moved."""
    moved = year.truth.get(BalanceTransaction, str(charge.balance_transaction))
    source = {"id": charge.id, "object": "charge", "payment_intent": charge.intent}
    return balance_transaction(moved, moved.available_on, source)


def until_fetched(installation: Installation, position: str = Snapshots.position) -> None:
    """Until the fetcher has passed over all there is, and all of that is in the tables."""
    readers = [LogReader(installation.url, schema) for schema in NAMES.stores]
    inbox, ledger = readers
    until(lambda: inbox.count(ledger.position(position)) == 0, "the fetcher to catch up")
    for reader in readers:
        reader.close()
    installation.until_idle()


def is_kept_waiting(stripe: StandIn) -> bool:
    return stripe.failures.upto is not None and len(stripe.asked) > stripe.failures.upto


def post(installation: Installation, events: Sequence[dict[str, Any]]) -> None:
    """As webhooks, each once."""
    bodies = [msgspec.json.encode(each) for each in events]
    attempts = [Attempt(0, number) for number in range(len(bodies))]
    totals = deliver(Course(bodies, attempts), Receiver(installation.webhook_url, SECRET))
    assert totals.new + totals.duplicate == len(bodies)


def mixed(year: Year) -> list[dict[str, Any]]:
    """Of each event its thin form, its snapshot, or both."""
    forms = [
        (notification(each),)
        if n % 3 == 0
        else (each,)
        if n % 3 == 1
        else (notification(each), each)
        for n, each in enumerate(year.events)
    ]
    return [each for form in forms for each in form]


def assert_true(installation: Installation, year: Year) -> None:
    """The tables say what the simulator knows to be true."""
    with installation.finance() as finance:
        found = differences(
            finance, NAMES.finance, oracle(year.truth, platform=PLATFORM, spends=())
        )
    assert not found, found[:10]


def assert_all_explained(installation: Installation, year: Year) -> None:
    """Each event is there once, and each thin one names its own."""
    with installation.finance() as finance:
        listed = {row["event_id"]: row for row in rows(finance, NAMES.finance, "deliveries")}
    for number, event in enumerate(year.events):
        assert listed[event["id"]]["outcome"] != "refused"
        if number % 3 != 1:
            reason = listed[notification(event)["id"]]["reason"]
            assert reason == f"a thin event: its snapshot is {event['id']}"
    assert len(listed) == len(installation.inbox()) == len(mixed(year)) + len(year.events[::3])
