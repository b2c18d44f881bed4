"""Explanations are exact: without what they name something changes, without all else nothing."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner, Result
from msgspec.structs import asdict

from ledger.cli import main
from projections.balances import BALANCES, Balance
from projections.engine import Folding
from projections.entitlements import ENTITLEMENTS
from projections.invoices import INVOICES
from projections.projection import Projection
from projections.purchases import PURCHASES
from projections.subscriptions import SUBSCRIPTIONS
from replay.explain.balance import balance_because, says
from replay.explain.because import Derive, because
from replay.explain.outcomes import access_of, balance_of, invoice_of, row_of
from replay.memory import MemoryLedger
from replay.past import Past, Recorded
from tests.replay.living import RULES, START
from web.sandbox.deliveries import simulated

CUSTOMERS = 52  # one for each life story
EXPLAINED = (ENTITLEMENTS, PURCHASES, INVOICES, SUBSCRIPTIONS)


@pytest.fixture
def tables(past: Past) -> dict[str, dict[Any, Any]]:
    folding = Folding([*EXPLAINED, BALANCES])
    for page in past.ledger.pages(0):
        folding.fold(page)
    return folding.rows


@cache
def population() -> MemoryLedger:
    """A year of somebody for each life story, that came late and out of order."""
    ledger = MemoryLedger(RULES)
    told = [*simulated(CUSTOMERS, seed=2)]
    Random(1).shuffle(told)
    ledger.keep(told, START)
    return ledger


def happened(row: Any) -> list[Recorded]:
    """The events of a row's stream."""
    return [Recorded(n, each) for n, each in enumerate(population().events(row.stream), 1)]


def column(row: Any, name: str) -> Any:
    return getattr(row, name)


def billing(url: str, *arguments: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(main, ["explain", *arguments])


def assert_exact(events: Sequence[Recorded], derive: Derive) -> None:
    """All of a group out: another outcome; less, or any of the others: the same."""
    outcome, groups = derive(events), because(events, derive)
    named = {each.position for group in groups for each in group}

    def without(out: set[int]) -> object:
        return derive([each for each in events if each.position not in out])

    for group in groups:
        positions = {each.position for each in group}
        assert without(positions) != outcome
        for each in positions:
            assert without(positions - {each}) == outcome
    others = [each.position for each in events if each.position not in named]
    assert without(set(others)) == outcome
    random = Random(len(events))
    for _ in range(20):
        assert without({each for each in others if random.random() < 0.5}) == outcome


@pytest.mark.parametrize("projection", EXPLAINED, ids=lambda each: each.name)
def test_the_events_named_for_a_row_are_exact(projection: Projection) -> None:
    rows = population().rows[projection.name]
    assert len(rows) > 20
    for key, row in rows.items():
        events, derive = happened(row), row_of(projection, key)
        assert derive(events) == asdict(row)
        assert because(events, derive)
        assert_exact(events, derive)


def test_the_facts_named_for_an_access_are_exact() -> None:
    for row in population().rows["entitlements"].values():
        events, derive = happened(row), access_of(RULES.policy)
        assert derive(events)["ends_at"] == column(row, "ends_at")
        assert derive(events)["customer_id"] == column(row, "customer_id")
        assert_exact(events, derive)


def test_the_facts_named_for_an_invoice_are_exact() -> None:
    for row in population().rows["invoices"].values():
        assert_exact(happened(row), invoice_of)


def test_the_parts_named_for_a_balance_are_exact_and_add_up(past: Past) -> None:
    folding = Folding([BALANCES])
    for page in past.ledger.pages(0):
        folding.fold(page)
    assert len(folding.rows["balances"]) > 1
    for row in folding.rows["balances"].values():
        events = past.events([column(row, "stream")])
        sums = balance_of(events)
        assert sums == {name: column(row, name) for name in sums}
        assert_exact(events, balance_of)
        assert balance_because(events) == because(events, balance_of)


def test_an_access_is_explained_down_to_its_deliveries(
    lived_url: str, tables: dict[str, dict[Any, Any]]
) -> None:
    for row in tables["entitlements"].values():
        told = billing(lived_url, "entitlement", row.customer_id, row.feature, "--json").stdout
        found = json.loads(told)
        mine = [each for each in found["rows"] if each["row"]["source_id"] == row.source_id]
        (event,) = mine[0]["because"][-1]["events"]
        assert event["kind"].endswith(".Entitled")
        assert mine[0]["behind"]
        assert all(each["cause"] for part in mine[0]["behind"] for each in part["events"])
        assert mine[0]["would_end"]
        assert found["answer"] is any(each["row"]["active"] for each in found["rows"])


def test_a_balance_tells_each_grant_and_each_use(lived_url: str) -> None:
    told = billing(lived_url, "balance", "ann").stdout

    assert told.startswith("ann has 30 credits")
    assert "payment pi_nobody1 gives ann 50 credits" in told
    assert "ann spent 20 credits for job-1" in told
    assert "by spend/job-1" in told


@pytest.mark.parametrize("noun", ["purchase", "invoice", "subscription"])
def test_rows_are_explained_by_their_ids(
    lived_url: str, tables: dict[str, dict[Any, Any]], noun: str
) -> None:
    rows = list(tables[f"{noun}s"].values())
    for row in rows[:3]:
        result = billing(lived_url, noun, getattr(row, f"{noun}_id"))
        assert result.exit_code == 0, result.output
        assert result.stdout.startswith(f"{'payment' if noun == 'purchase' else noun} ")
        assert result.stdout.splitlines()[1] == "  because of:"


def test_a_balance_names_the_account_of_each_wallet() -> None:
    ours, theirs = (Balance("wallet", "ann", each, 5, 0, 0, 5, 0) for each in ("", "acct_1"))

    assert says(ours).startswith("5 are left of 5")
    assert says(theirs).startswith("at acct_1: 5 are left of 5")


def test_what_a_person_granted_says_so(lived_url: str) -> None:
    told = billing(lived_url, "entitlement", "ann", "plan:pro", "--at", "2026-06-01").stdout

    assert told.startswith("yes: ann may use plan:pro until 2027-")
    assert "a person granted it by hand" in told
    assert "a person withdrawing g1" in told


def test_access_is_asked_for_by_time_and_not_by_position(lived_url: str) -> None:
    result = billing(lived_url, "entitlement", "ann", "plan:pro", "--at", "@5")

    assert result.exit_code == 2
    assert "--at needs a time" in result.stderr


def test_why_not_names_what_is_missing(lived_url: str) -> None:
    nobody = billing(lived_url, "entitlement", "zoe", "plan:pro")
    other = billing(lived_url, "entitlement", "ann", "plan:basic")
    credit = billing(lived_url, "balance", "zoe")

    assert nobody.stdout.startswith("no: zoe may not use plan:pro")
    assert "nobody known here is zoe" in nobody.stdout
    assert "nothing ann bought or subscribed to gives plan:basic" in other.stdout
    assert "nobody known here is zoe" in credit.stdout


def test_what_is_not_known_is_one_sentence(lived_url: str) -> None:
    result = billing(lived_url, "purchase", "pi_unknown")

    assert result.exit_code == 1
    assert result.output == "Error: no purchase 'pi_unknown' is known here\n"
