"""Today's code over the same year makes the same rows; other code makes others, which are shown."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from click.testing import CliRunner, Result

from ledger.cli import main
from ledger.events import decode
from replay.past import Past
from replay.reobserve import Reobservation
from tests.museum import without
from tests.replay.conftest import lived_database
from tests.replay.living import NAMES, RULES, nobodys


def billing(url: str, *arguments: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(main, ["reobserve", *arguments])


@pytest.fixture
def steady_url(server_url: str, template: str) -> Iterator[str]:
    """The address of a ledger that lived through its year with one release."""
    with lived_database(server_url, template, RULES) as url:
        yield url


def test_unchanged_code_makes_the_very_same_events_and_rows(
    steady_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    with Past(steady_url, NAMES) as past:
        run = Reobservation(past, RULES)
        differences = run.run()

        assert [each for each in differences if not each.is_empty] == []
        assert run.commands == {"spend": 10, "claim": 1, "checkout": 1}
        assert run.today.outcomes["refused"] == 1
        recorded: dict[str, list[object]] = {}
        for page in past.ledger.pages(0):
            for _, topic, state in page:
                event = decode(topic, state)
                recorded.setdefault(event.originator_id, []).append(event)
        assert {each: run.today.events(each) for each in recorded} == recorded
    caplog.clear()
    result = billing(steady_url)
    assert result.exit_code == 0, result.output
    assert not caplog.messages, "what was refused then is in the summary, and no warning now"
    assert result.stdout.endswith("no difference: today's code makes of them what is recorded\n")
    assert json.loads(billing(steady_url, "--json").stdout)["differences"] == []


def test_what_only_an_old_release_could_not_read_is_the_difference(lived_url: str) -> None:
    result = billing(lived_url)

    assert result.exit_code == 1
    left = nobodys(3).originator_id
    assert f"changed: {left}: outcome refused -> applied" in result.stdout
    assert "added: purchase/stripe/test//pi_nobody3" in result.stdout
    assert "nobody2" not in result.stdout, "a retry has mended that"


def test_other_code_is_found_with_the_rows_it_changes(past: Past) -> None:
    with without.an_order_of_snapshots():
        differences = Reobservation(past, RULES).run()

    assert any(each.changed for each in differences if each.table != "deliveries")
