"""`billing reconcile` after an outage, with a wrong key, of two accounts, and stopped midway."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Event

import pytest

from ledger.settings import child_environment
from tests.system.patience import LONGEST_SECONDS
from tests.systems.customers import Customer
from tests.systems.installation import ENVIRONMENT, Installation
from tests.systems.reconciling import (
    NOW,
    between,
    planned,
    reconciled,
    repair,
    told,
    without_events,
)

BILLING = Path(sys.executable).with_name("billing")
ACCOUNT = "acct_of_a_group"
LIVE = {
    "STRIPE_SECRET_KEY": "sk_live_of_somebody",
    "STRIPE_PUBLISHABLE_KEY": "pk_live_of_somebody",
    "STRIPE_API_BASE": "https://127.0.0.1:1",
}


@pytest.fixture
def bea(new_customer: Callable[[], Customer], house: Installation) -> Customer:
    """Somebody with a paid plan, all of which is in the tables."""
    return planned(house, new_customer())


def renamed(house: Installation, times: int) -> None:
    """So many customers are changed at Stripe, and no webhook says so."""
    found = house.at_stripe("GET /v1/customers", limit=times)["data"]
    with house.mishaps(drop="99"):
        for number in range(times):
            key = found[number % len(found)]["id"]
            house.at_stripe(f"POST /v1/customers/{key}", name=f"Other {house.new_id('name')}")
    house.settle()


def test_an_outage_is_told_in_few_lines_and_pointed_to_backfill(
    house: Installation, bea: Customer
) -> None:
    renamed(house, 15)

    found = house.run("reconcile", *NOW)
    stopped = house.run("reconcile", *NOW, "--repair")

    assert found.exit_code == 1
    assert "15 never came" in found.stdout
    assert "and 5 events more that never came" in found.stdout
    assert "15 are events that never came: `billing backfill` fetches these alone" in stopped.stderr
    assert house.run("backfill").exit_code == 0
    house.settle()
    assert reconciled(house)["differences"] == []


def test_an_outage_is_repaired_with_the_number_that_is_asked_for(
    house: Installation, bea: Customer
) -> None:
    renamed(house, 12)

    done = repair(house)

    assert (done["events"], done["objects"]) == (12, 0)
    assert reconciled(house)["differences"] == []


def test_a_key_for_another_mode_than_the_tables_is_refused_and_nobody_is_asked(
    house: Installation, bea: Customer
) -> None:
    refused = house.run("reconcile", *NOW, "--repair", "--yes", "1", **LIVE)

    assert refused.exit_code == 1
    assert "the tables are of test mode, and STRIPE_SECRET_KEY (or BILLING_MODE)" in refused.stderr


def test_each_account_is_compared_alone_and_the_others_are_named(
    house: Installation, bea: Customer
) -> None:
    paid = {"payment_method": "pm_card_visa", "confirm": True, "metadata": {"platform": "LEAD"}}
    house.at_stripe("POST /v1/payment_intents", ACCOUNT, amount=900, currency="usd", **paid)
    house.settle()
    house.at_stripe("POST /v1/customers", ACCOUNT, email="x@example.org")
    house.settle()

    own = house.run("reconcile", *NOW, "--json")
    theirs = house.run("reconcile", *NOW, "--account", ACCOUNT, "--json")

    assert f"not compared: --account {ACCOUNT}" in own.stderr
    assert "not compared: the platform's own account" in theirs.stderr
    assert (own.exit_code, theirs.exit_code) == (0, 0)
    assert f'"account":"{ACCOUNT}","compared":{{"customers":1,' in theirs.stdout


@pytest.fixture
def ctrl_c() -> Iterator[None]:
    """Programs begun here can be interrupted, even where the shell has them ignore it."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("ctrl_c")
def test_who_presses_ctrl_c_keeps_what_was_fetched_and_repeats_it(
    house: Installation, bea: Customer
) -> None:
    renamed(house, 1)
    before, asked, pressed = told(house), Event(), Event()

    def object_is_asked(path: str) -> None:
        asked.set()
        pressed.wait(LONGEST_SECONDS)

    with between(house, without_events, object_is_asked) as api:
        count = len(reconciled(house, STRIPE_API_BASE=api)["differences"])
        own = {"DATABASE_URL": house.url, "STRIPE_API_BASE": api}
        run = subprocess.Popen(
            [BILLING, "reconcile", *NOW, "--repair", "--yes", str(count)],
            env=child_environment({**ENVIRONMENT, **own}),
            stderr=subprocess.PIPE,
            text=True,
        )
        assert asked.wait(LONGEST_SECONDS)
        run.send_signal(signal.SIGINT)
        pressed.set()
        _, said = run.communicate(timeout=LONGEST_SECONDS)

    assert run.returncode == 1
    assert "until it stopped, 0 events and" in said
    house.settle()
    assert told(house) - before <= count
    repair(house)
    assert reconciled(house)["differences"] == []
