"""`billing status` tells how far both logs are sealed, once there is a key for it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from click.testing import CliRunner

from ledger.cli import main
from projections.schema import migrate
from projections.sealed import sealed
from tests.ledger.sealing.given import NOON, SECRET, append, seal, settings


def status(url: str, status: int, **environment: str) -> Any:
    migrate(url)
    result = CliRunner(env={"DATABASE_URL": url, **environment}).invoke(main, ["status", "--json"])
    assert result.exit_code == status, result.output
    return json.loads(result.stdout)["sealer"]


def test_without_a_key_there_is_no_sealer(database_url: str) -> None:
    assert status(database_url, 0) is None


def test_what_waits_and_nobody_seals_is_told(database_url: str) -> None:
    append(database_url, range(5))
    seal(database_url, settings())
    append(database_url, range(5, 7))

    found = status(database_url, 1, BILLING_SEAL_KEY=SECRET)

    assert found["unsealed_events"] == 2
    assert found["last_sealed_at"].startswith("2027-01-01T12:00:00")
    assert not found["leader"]


def test_a_seal_that_should_have_been_made_long_ago_is_told(database_url: str) -> None:
    append(database_url, range(5))
    seal(database_url, settings())
    append(database_url, range(5, 7))

    soon = sealed(settings(), database_url, NOON + timedelta(hours=2), leader=True)
    late = sealed(settings(), database_url, NOON + timedelta(hours=2, seconds=1), leader=True)

    assert not soon.stopped
    assert late.stopped
    assert late.overdue


def test_what_is_all_sealed_is_never_overdue(database_url: str) -> None:
    append(database_url, range(5))
    seal(database_url, settings())

    late = sealed(settings(), database_url, NOON + timedelta(days=9), leader=False)

    assert (late.unsealed_events, late.overdue, late.stopped) == (0, False, False)


def test_a_log_that_was_never_sealed_waits(database_url: str) -> None:
    append(database_url, range(5))

    never = sealed(settings(), database_url, NOON, leader=False)

    assert (never.unsealed_events, never.last_sealed_at, never.stopped) == (5, None, True)
