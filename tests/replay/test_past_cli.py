"""`billing as-of` and `billing diff` on a ledger that has lived, as an auditor runs them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner, Result

from ledger.aggregates.purchase_events import Entitled
from ledger.cli import main
from projections.registry import PROJECTIONS
from replay.past import Past, recorded

NAMED = [each.name for each in PROJECTIONS]


def billing(url: str, *arguments: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(main, arguments)


def answer(url: str, *arguments: str) -> dict[str, Any]:
    result = billing(url, *arguments, "--json")
    assert result.exit_code == 0, result.output
    assert result.stderr == "", "quiet where nobody watches"
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.mark.parametrize("table", NAMED)
def test_a_diff_leads_from_one_moment_to_the_other(lived_url: str, table: str) -> None:
    before, after = (
        answer(lived_url, "as-of", "2026-03-31", table),
        answer(lived_url, "as-of", "2026-09-30", table),
    )
    found = answer(lived_url, "diff", "2026-03-31", "2026-09-30", table)

    assert len(after["rows"]) - len(before["rows"]) == len(found["added"]) - len(found["gone"])
    assert all(row in after["rows"] and row not in before["rows"] for row in found["added"])
    assert all(row in before["rows"] and row not in after["rows"] for row in found["gone"])
    for change in found["changed"]:
        for column, (old, new) in change["columns"].items():
            assert old != new
            assert any(row[column] == old for row in before["rows"])
            assert any(row[column] == new for row in after["rows"])
    unchanged = [row for row in after["rows"] if row in before["rows"]]
    assert len(unchanged) == len(after["rows"]) - len(found["added"]) - len(found["changed"])


def test_a_key_takes_its_rows_alone(lived_url: str) -> None:
    whole = answer(lived_url, "as-of", "now", "entitlements")["rows"]
    row = whole[0]

    found = answer(lived_url, "as-of", "now", "entitlements", row["customer_id"], row["feature"])

    who = (row["customer_id"], row["feature"])
    assert found["rows"] == [
        each for each in whole if (each["customer_id"], each["feature"]) == who
    ]


def test_active_is_as_of_the_moment(lived_url: str, past: Past) -> None:
    now = answer(lived_url, "as-of", "2099-01-01", "entitlements")["rows"]
    then = answer(lived_url, "as-of", f"@{past.ledger.head()}", "entitlements")["rows"]

    assert {row["reason"] for row in then} != {row["reason"] for row in now}


def test_a_position_nothing_has_reached_is_as_of_the_last_event(lived_url: str, past: Past) -> None:
    last = answer(lived_url, "as-of", f"@{past.ledger.head()}", "entitlements")
    far = answer(lived_url, "as-of", "@999999999", "entitlements")

    assert far["rows"] == last["rows"]
    assert far["moment"] == last["moment"]


def test_a_delivery_is_a_moment_and_so_is_the_one_before_it(lived_url: str, past: Past) -> None:
    entry = next(each for each in past.ledger.entries(0, 2000) if each[3] == Entitled.TOPIC)
    event_id = recorded(entry).event.cause.rpartition("/")[2]
    moments = (f"before:{event_id}", event_id)

    before, after = (answer(lived_url, "as-of", each, "entitlements") for each in moments)
    found = answer(lived_url, "diff", *moments, "entitlements")

    assert before["position"] < entry[0] <= after["position"]
    assert found["added"]
    assert [row for row in found["added"] if row in before["rows"]] == []
    assert [row for row in found["added"] if row not in after["rows"]] == []


def test_effective_by_is_not_known_by(lived_url: str) -> None:
    known = answer(lived_url, "as-of", "2026-06-01T12:00", "purchases")
    effective = answer(lived_url, "as-of", "2026-06-01T12:00", "purchases", "--effective")

    assert effective["position"] is None
    assert known["position"] > 0
    assert effective["rows"] != known["rows"], "some came late"


def test_people_read_lines(lived_url: str) -> None:
    told = billing(lived_url, "as-of", "2026-09-30", "balances", "ann").stdout
    changed = billing(lived_url, "diff", "2026-01-31", "2026-09-30", "balances", "ann").stdout

    assert told.startswith("balances known at position ")
    assert "2026-09-30T23:59:59Z: 1 row" in told
    assert "available=30" in told
    assert changed.startswith("balances: 1 added, 0 gone, 0 changed\n")


@pytest.mark.parametrize(
    "arguments",
    [("as-of", "soon", "balances"), ("as-of", "now", "wallets"), ("as-of", "@1", "balances", "-x"),
     ("as-of", "@1", "balances", "--effective"), ("as-of", "evt_1", "balances", "--effective")],
)  # fmt: skip
def test_what_cannot_be_asked_is_said(lived_url: str, arguments: tuple[str, ...]) -> None:
    result = billing(lived_url, *arguments)

    assert result.exit_code == 2
    assert "Traceback" not in result.output
