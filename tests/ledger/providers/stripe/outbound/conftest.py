"""A Stripe that says what the test wants."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ledger.providers.stripe.outbound.scripted import Script, scripted


@pytest.fixture
def stripe() -> Iterator[Script]:
    with scripted() as script:
        yield script
