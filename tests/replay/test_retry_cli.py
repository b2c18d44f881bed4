"""`billing refused` and `billing retry`: what waits for a fix, and what a fix makes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main
from projections.schema import migrate
from tests.projections.ledger import stored
from tests.replay.living import BROKEN, LAG, Life, nobodys, unreadable


@pytest.fixture
def life(database_url: str) -> Iterator[Life]:
    """A ledger whose last release could read nothing: three refused, one of them for good."""
    migrate(database_url)
    with closing(Life(database_url)) as life:
        for each in (nobodys(1), nobodys(2), unreadable()):
            life.at += LAG
            life.receive(each)
        life.work(BROKEN)
        life.project()
        yield life


def billing(life: Life, *arguments: str) -> Result:
    return CliRunner(env={"DATABASE_URL": life.url}).invoke(main, arguments)


def outcomes(life: Life) -> dict[str, str]:
    life.project()
    rows = stored(life.url)["deliveries"].values()
    return {getattr(row, "event_id", ""): getattr(row, "outcome", "") for row in rows}


def events(life: Life) -> int:
    return sum(len(rows) for rows in stored(life.url).values())


def test_what_is_refused_is_listed_with_the_reason(life: Life) -> None:
    listed = json.loads(billing(life, "refused", "--json").stdout)

    assert {each["event_id"] for each in listed} == {"evt_nobody1", "evt_nobody2", "evt_nobody9"}
    assert {each["code"] for each in listed} == {"CannotBeKept"}
    assert billing(life, "refused").stdout.count("failed with KeyError") == 3
    assert len(json.loads(billing(life, "refused", "--limit", "1", "--json").stdout)) == 1


def test_a_dry_run_says_what_would_happen_and_does_nothing(life: Life) -> None:
    before = outcomes(life)

    told = billing(life, "retry", "evt_nobody1", "--dry-run")

    assert told.exit_code == 0
    assert "payment_intent.succeeded evt_nobody1 would be applied" in told.stdout
    assert "reports 10.00 USD received" in told.stdout
    assert outcomes(life) == before


def test_one_is_tried_again_and_its_row_shows_it(life: Life) -> None:
    told = billing(life, "retry", nobodys(1).originator_id)

    assert told.exit_code == 0, told.output
    assert "evt_nobody1 was applied" in told.stdout
    assert outcomes(life) == {
        "evt_nobody1": "applied",
        "evt_nobody2": "refused",
        "evt_nobody9": "refused",
    }
    again = billing(life, "retry", "evt_nobody1")
    assert again.exit_code == 1
    assert again.output == f"Error: {nobodys(1).originator_id} is not refused\n"


def test_all_are_tried_again_and_what_cannot_be_read_says_so(life: Life) -> None:
    told = billing(life, "retry", "--all", "--json")

    assert told.exit_code == 1, "one is refused still"
    assert [each["outcome"] for each in json.loads(told.stdout)] == [
        "applied",
        "applied",
        "refused",
    ]
    left = json.loads(billing(life, "refused", "--json").stdout)
    assert outcomes(life)["evt_nobody9"] == "refused"
    assert billing(life, "retry", "--all").exit_code == 1
    assert len(left) == 3, "the tables were behind"
    (row,) = json.loads(billing(life, "refused", "--json").stdout)
    assert (row["times"], row["code"]) == (3, "Unreadable")


def test_at_most_so_many_are_tried(life: Life) -> None:
    told = billing(life, "retry", "--all", "--limit", "1", "--json")

    assert [each["event_id"] for each in json.loads(told.stdout)] == ["evt_nobody1"]


def test_a_rebuild_after_a_retry_makes_no_difference(life: Life) -> None:
    billing(life, "retry", "--all")
    life.project()

    assert "changed" not in billing(life, "rebuild").stdout


def test_nothing_refused_is_said(database_url: str) -> None:
    migrate(database_url)
    with closing(Life(database_url)) as life:
        assert billing(life, "refused").stdout == "nothing is refused\n"
        assert billing(life, "retry", "--all").stdout == "nothing is refused\n"


@pytest.mark.parametrize("arguments", [(), ("evt_1", "--all")])
def test_which_ones_has_to_be_said(life: Life, arguments: tuple[str, ...]) -> None:
    assert billing(life, "retry", *arguments).exit_code == 2


def test_what_is_not_known_is_one_sentence(life: Life) -> None:
    assert billing(life, "retry", "evt_x").output == "Error: no delivery 'evt_x' is known here\n"
