"""`billing torture` on what was received and on a simulation: what it says, and its exit status."""

from __future__ import annotations

from contextlib import closing

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import replace

from ledger.application import Inbox
from ledger.cli import main
from ledger.delivery import Delivery
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.museum import without
from tests.replay.given import year


def billing(*arguments: str, url: str = "") -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(main, ["torture", *arguments])


def unreadable() -> Delivery:
    """A payment of a negative amount."""
    paid = next(each for each in year() if each.envelope.type == "payment_intent.succeeded")
    body = paid.body.replace(b'"amount":', b'"amount":-', 1)
    return replace(paid, envelope=replace(paid.envelope, event_id="evt_x"), body=body)


@pytest.fixture
def received(database_url: str) -> str:
    """A database whose Inbox has a small year, worked off by nobody."""
    with Inbox(database_url, Names(), pool_size=1) as inbox:
        for delivery in year():
            inbox.receive(delivery)
    return database_url


def test_what_was_received_ends_alike_in_every_order(received: str) -> None:
    result = billing("--orders", "3", "--duplicates", "20", url=received)

    assert result.exit_code == 0, result.output
    first, fingerprint, last = result.stdout.splitlines()
    assert first.startswith(f"{len(year())} deliveries: ")
    assert fingerprint.startswith("fingerprint ")
    assert last == "3 orders, 1 fingerprint"
    assert result.stderr == "", "quiet where nobody watches"


def test_nothing_is_written(received: str) -> None:
    billing("--orders", "1", url=received)

    for schema in (Names().ledger, Names().inbox):
        with closing(LogReader(received, schema)) as log:
            assert log.head() == (len(year()) if schema == Names().inbox else 0)


def test_a_limit_takes_the_first_deliveries(received: str) -> None:
    result = billing("--orders", "1", "--limit", "7", url=received)

    assert result.stdout.startswith("7 deliveries: ")


def test_an_empty_inbox_ends_alike_too(database_url: str) -> None:
    result = billing("--orders", "2", url=database_url)

    assert result.exit_code == 0
    assert result.stdout.startswith("0 deliveries: none")


def test_a_simulation_needs_no_database() -> None:
    result = billing("--simulate", "3", "--orders", "2")

    assert result.exit_code == 0, result.output
    assert result.stdout.endswith("2 orders, 1 fingerprint\n")
    assert billing("--simulate", "3", "--orders", "2").stdout == result.stdout


def test_an_order_that_ends_otherwise_is_named_shown_and_can_be_seen_again() -> None:
    with without.an_order_of_snapshots():
        result = billing("--simulate", "5", "--orders", "9", "--seed", "3")

    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    ends = next(n for n, line in enumerate(lines) if " ends otherwise, in " in line)
    again = lines[ends + 1].split()
    assert again[:2] == ["billing", "torture"]
    assert any(line.startswith("  as they came  {") for line in lines)

    with without.an_order_of_snapshots():
        replayed = billing(*again[2:])
    assert replayed.exit_code == 1
    assert replayed.stdout.splitlines()[ends:] == lines[ends:]


def test_refusals_are_counted_and_not_repeated_for_every_order(
    received: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Inbox(received, Names(), pool_size=1) as inbox:
        inbox.receive(unreadable())
    result = billing("--orders", "2", url=received)

    assert result.exit_code == 0
    assert "1 refused" in result.stdout
    assert caplog.records == []
