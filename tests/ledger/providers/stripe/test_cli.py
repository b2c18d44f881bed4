"""`billing backfill`, run as an operator runs it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.ledger.providers.stripe.payloads import event
from tests.ledger.providers.stripe.stand_in import KEY, StandIn, stand_in
from tests.web.server import billing

EVENTS = [  # by the hour, counted back from when a test begins
    event(f"customer.{word}", {"id": f"cus_{n}", "object": "customer"}, created=-3600 * n - 1800)
    for word in ("created", "updated")
    for n in range(120, 0, -1)
]


@pytest.fixture
def stripe() -> Iterator[StandIn]:
    now = int(time.time())
    events = [{**each, "created": now + each["created"]} for each in EVENTS]
    with stand_in(events, now=lambda: now) as found:
        yield found


class Shell:
    """Runs `billing backfill` on one database with one key."""

    def __init__(self, database_url: str, api_base: str) -> None:
        self.url = database_url
        self.environment = {
            "DATABASE_URL": database_url,
            "STRIPE_SECRET_KEY": KEY,
            "STRIPE_API_BASE": api_base,
        }

    def backfill(self, *options: str, status: int = 0) -> tuple[str, str]:
        """What it says to stdout and stderr; it has to exit with `status`."""
        process = billing("backfill", *options, **self.environment)
        out, err = process.communicate()
        assert process.returncode == status, (out, err)
        assert KEY not in out + err
        return out, err

    def kept(self) -> int:
        reader = LogReader(self.url, Names.inbox)
        count = reader.count(0)
        reader.close()
        return count


@pytest.fixture
def shell(database_url: str, stripe: StandIn) -> Shell:
    return Shell(database_url, stripe.url)


def test_it_says_what_was_there_and_what_was_new(shell: Shell) -> None:
    first, _ = shell.backfill()
    second, _ = shell.backfill()

    assert first.splitlines() == [
        "240 events at Stripe, 0 already here, 240 new",
        f"  {'customer.created':<40} {120:>7} of 120",
        f"  {'customer.updated':<40} {120:>7} of 120",
    ]
    assert second.startswith("240 events at Stripe, 240 already here, 0 new\n")
    assert shell.kept() == 240


def test_it_can_be_narrowed_and_tried_without_effect(shell: Shell, stripe: StandIn) -> None:
    stripe.shelf.undelivered = {EVENTS[0]["id"]}

    dry, _ = shell.backfill("--dry-run", "--days", "1", "--type", "customer.created")
    narrowed = shell.kept()
    undelivered, _ = shell.backfill("--undelivered-only", "--json")
    nothing, _ = shell.backfill("--account", "acct_9")

    assert dry.startswith("23 events at Stripe, 0 already here, 23 would be new\n")
    assert narrowed == 0
    assert json.loads(undelivered)["new"] == {"customer.created": 1}
    assert nothing == "Stripe lists no such events: nothing changes\n"
    assert shell.kept() == 1


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (401, "Error: Stripe does not take our secret key for this: "),
        (429, "Error: Stripe asks for fewer requests: "),
    ],
)
def test_an_error_ends_it_with_one_line_and_changes_nothing(
    status: int, sentence: str, shell: Shell, stripe: StandIn
) -> None:
    stripe.failures.always = status

    out, err = shell.backfill(status=1)

    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith(sentence)
    assert shell.kept() == 0


def test_an_error_between_pages_says_how_far_it_came(shell: Shell, stripe: StandIn) -> None:
    stripe.failures.soon.extend([None, None, 429])

    out, err = shell.backfill(status=1)

    assert out == ""
    assert err.startswith("until it failed: 200 events at Stripe, 0 already here, 200 new\n")
    assert shell.kept() == 200


def test_without_a_key_it_asks_for_one(shell: Shell) -> None:
    del shell.environment["STRIPE_SECRET_KEY"]

    _, err = shell.backfill(status=1)

    assert err.startswith("Error: STRIPE_SECRET_KEY is not set: ")
