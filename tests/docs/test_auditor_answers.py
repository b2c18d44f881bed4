"""The answers the auditor's document shows are those its commands give of the demo's year."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import cast

import pytest
from click.testing import CliRunner
from eventsourcing.domain import DomainEventProtocol

from ledger import assembly
from ledger.application import Inbox
from ledger.cli import main
from ledger.delivery import Delivery
from ledger.providers.stripe.receiver import envelope
from ledger.store.names import Names
from web.sandbox.lives.shop import PLATFORM
from web.sandbox.year import simulate

TEXT = (Path(__file__).parents[2] / "docs/auditor.md").read_text()
BEGUN, ASKED = datetime(2025, 11, 20, tzinfo=UTC), datetime(2026, 11, 20, 23, 30, tzinfo=UTC)
"""When the year of the demo that the document shows began, and when it was asked."""
CUSTOMERS, SEED = 300, 1  # as in `billing demo`

REAL = assembly.clock
CLOCKS = (
    *("projections.workers", "projections.status", "replay.cli", "replay.explain_cli"),
    *("replay.moments", "replay.retry_cli"),
)
OWN = re.compile(r"@\d|position|recorded|received|Stripe-Signature|spent|deliveries|other events")
"""What is a line of one's own: positions, times of recording, and what the demo spends."""
NOT_ASKED = (
    *("seal", "verify", "fingerprint", "keys", "reobserve", "explain balance"),
    *("explain entitlement eli", "history eli"),  # of the walks through the stand-in
)


def shown() -> Iterator[tuple[str, list[str]]]:
    """Each command of the ten answers, and the lines below it."""
    for block in re.findall(r"^```console\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *lines = part.splitlines()
            words = command.removeprefix("billing ")
            if words != command and "|" not in words and not words.startswith(NOT_ASKED):
                yield words, lines


@pytest.fixture
def demo_url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A ledger that has heard of the demo's year, and is asked when the document was written."""
    for each in CLOCKS:
        import_module(each)
    for module in list(sys.modules.values()):
        if getattr(module, "clock", None) is REAL:
            monkeypatch.setattr(module, "clock", lambda: ASKED)
    deliveries = [told(each) for each in simulate(SEED, CUSTOMERS, BEGUN).bodies()]
    with Inbox(database_url, Names(), pool_size=1) as inbox:
        for chunk in batched(deliveries, 1_000):
            inbox.append([cast("DomainEventProtocol[str]", each) for each in chunk])
    answer(database_url, "work --until-idle")
    return database_url


def batched(deliveries: list[Delivery], size: int) -> Iterator[list[Delivery]]:
    for start in range(0, len(deliveries), size):
        yield deliveries[start : start + size]


def told(body: bytes) -> Delivery:
    read = envelope(body)
    return Delivery(read, read.created, {}, body)


def answer(url: str, words: str) -> str:
    environment = {"DATABASE_URL": url, "PLATFORM": PLATFORM}
    result = CliRunner(env=environment).invoke(main, shlex.split(words))
    assert result.exit_code == 0, (words, result.output)
    return result.stdout


def test_the_answers_are_those_that_are_shown(demo_url: str) -> None:
    asked = list(shown())
    assert len(asked) >= 12

    untrue = [each for words, lines in asked for each in missing(demo_url, words, lines)]

    assert untrue == []


def missing(url: str, words: str, lines: list[str]) -> list[tuple[str, str]]:
    """What is shown below a command and is not in its answer."""
    found = answer(url, words)
    parts = [part.strip() for line in lines if not OWN.search(line) for part in line.split("...")]
    return [(words, part) for part in parts if part not in found]
