"""What fuzzing starts from: canonical events, simulated ones, and recorded ones where there are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from typing import Any

from ledger.errors import NotADelivery
from ledger.providers.stripe.receiver import envelope
from tests.corpus import CORPUS
from tests.ledger.providers.stripe.payloads import EVENTS
from web.sandbox.render.versions import VERSIONS
from web.sandbox.year import simulate

START = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def seeds() -> Sequence[bytes]:
    """Bodies of sound events."""
    canonical = (json.dumps(each).encode() for each in EVENTS.values())
    return (*canonical, *_simulated(), *_recorded())


def _simulated() -> Iterator[bytes]:
    for number, version in enumerate(VERSIONS):
        yield from simulate(number, 4, START, api_version=version).bodies()


def _recorded() -> Iterator[bytes]:
    """What can be taken; where an id was made unreadable, it is no longer the same in all."""
    for number, body in enumerate(_bodies()):
        with suppress(NotADelivery):
            envelope(body)
            yield body.replace(b"_00000000000000", b"_%014d" % number)


def _bodies() -> Iterator[bytes]:
    for file in sorted(CORPUS.rglob("*.jsonl")) if CORPUS else ():
        for line in file.read_text().splitlines():
            recorded: dict[str, Any] = json.loads(line)
            yield json.dumps(recorded["event"]).encode()
