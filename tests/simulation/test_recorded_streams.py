"""Recorded scenarios in which all happens in one second end as they were recorded, or say so."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest

from replay.memory import MemoryLedger
from replay.torture import Contrast, contrasts
from tests.corpus import CORPUS
from tests.ledger.providers.stripe.payloads import delivery
from tests.museum.telling import NOW, RULES

STREAMS = sorted((CORPUS / "streams").glob("*.jsonl")) if CORPUS else []
SHUFFLES = 20
AMBIGUOUS = {
    ("upgrade_race_condition_during_card_upgrade", "invoices"): (
        "whoever anonymised it gave the customer two names, so the last two reports differ"
    )
}
"""Stream and table of each row that stays ambiguous, and why nothing can tell."""

pytestmark = pytest.mark.skipif(not STREAMS, reason="STRIPE_CORPUS names no recorded payloads")
Json = dict[str, Any]


def recorded(file: Path) -> list[Json]:
    """The events of a test account, in the order in which they happened."""
    events = [json.loads(line)["event"] for line in file.read_text().splitlines()]
    return [{**each, "livemode": False} for each in events]


def folded(events: Sequence[Json]) -> MemoryLedger:
    ledger = MemoryLedger(RULES)
    ledger.keep([delivery(each) for each in events], NOW)
    return ledger


def apart(events: Sequence[Json]) -> list[Json]:
    """The same, a second after one another: so they tell their order."""
    return [{**each, "created": each["created"] + n} for n, each in enumerate(events)]


@pytest.mark.parametrize("file", STREAMS, ids=lambda file: file.stem[:40])
def test_all_shuffles_end_as_the_recorded_order_ends_or_say_ambiguous(file: Path) -> None:
    events, random = recorded(file), Random(file.stem)
    assert len({each["created"] for each in events}) == 1
    ending = folded(events)

    shuffles = [folded(random.sample(events, k=len(events))) for _ in range(SHUFFLES)]

    assert {each.fingerprint for each in shuffles} == {ending.fingerprint}
    found = contrasts(ending.rows, folded(apart(events)).rows)
    assert [each for each in found if is_wrong(each)] == []


def is_wrong(found: Contrast) -> bool:
    """Whether a row differs from the truth, but for times, without saying that it may."""
    if found.before is None or found.after is None:
        return True
    columns = (name for name in found.before.__struct_fields__ if not name.endswith("_at"))
    differing = {n for n in columns if getattr(found.before, n) != getattr(found.after, n)}
    return bool(differing) and not getattr(found.before, "ambiguous", False)


def ambiguous() -> Iterator[tuple[str, str]]:
    """Stream and table of each row that says so."""
    for file in STREAMS:
        for table, rows in folded(recorded(file)).rows.items():
            yield from ((file.stem, table) for row in rows.values() if getattr(row, "ambiguous", 0))


def test_so_many_stay_ambiguous(capsys: pytest.CaptureFixture[str]) -> None:
    found = list(ambiguous())

    with capsys.disabled():
        told = [f"{stream}, {table}: {AMBIGUOUS.get((stream, table))}" for stream, table in found]
        heading = f"\n{len(found)} rows of {len(STREAMS)} recorded streams are ambiguous"
        print(heading, *told, sep="\n  ")  # noqa: T201 - a figure for whoever runs it
    assert set(found) == set(AMBIGUOUS)
