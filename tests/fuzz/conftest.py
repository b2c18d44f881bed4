"""How much is tried, and from which seed."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from ledger.clerk import __name__ as clerk_log
from tests.fuzz.mutator import Mutator
from tests.fuzz.seeds import seeds


@pytest.fixture
def inputs(request: pytest.FixtureRequest) -> int:
    """How many inputs each test tries."""
    return int(request.config.getoption("--fuzz-inputs"))


@pytest.fixture
def mutator(request: pytest.FixtureRequest) -> Mutator:
    """Where they come from."""
    return Mutator(int(request.config.getoption("--fuzz-seed")), seeds())


@pytest.fixture(autouse=True)
def _not_a_line_for_each_refusal() -> Iterator[None]:
    log = logging.getLogger(clerk_log)
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(logging.NOTSET)
