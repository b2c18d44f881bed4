"""Recorded deliveries of real accounts go through: none answered 5xx, each refusal readable."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.corpus import CORPUS
from tests.system.installation import NAMES, Installation
from tests.system.posting import post_event
from web.sandbox.demo.comparison import rows

READABLE = re.compile(r"cannot be read: |is no status|is not a currency|whole number")


@pytest.mark.skipif(CORPUS is None, reason="STRIPE_CORPUS names no recorded payloads")
def test_recorded_events_are_taken_and_stop_nobody(installation: Installation) -> None:
    assert CORPUS is not None
    programs = [installation.serve(), installation.work()]
    events = recorded(CORPUS)

    answers = [post_event(installation, event) for event in events]

    refused = [answer for answer in answers if answer.status != 200]
    assert {answer.status for answer in refused} <= {400}
    assert all(answer.document["detail"] for answer in refused)
    installation.until_idle()
    assert all(program.alive and "Traceback" not in program.said for program in programs)
    with installation.finance() as finance:
        listed = rows(finance, NAMES.finance, "deliveries")
    new = [answer for answer in answers if answer.document.get("duplicate") is False]
    assert len(listed) == len(new) > 0
    reasons = {row["reason"] for row in listed if row["outcome"] == "refused"}
    assert [reason for reason in reasons if not READABLE.search(reason)] == []


def recorded(corpus: Path) -> list[dict[str, Any]]:
    """The events of all recordings; a test ledger's, whatever they were."""
    files = [path.read_bytes() for path in sorted(corpus.rglob("*.jsonl"))]
    events = [json.loads(line)["event"] for file in files for line in file.splitlines()]
    return [{**event, "livemode": False} for event in events]
