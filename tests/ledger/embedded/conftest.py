"""A place for private servers of a test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ledger.embedded.postgres import EmbeddedPostgres
from ledger.embedded.throwaway import fast_place, own_folder


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that any user may pass through, as pytest's own folders may not."""
    with own_folder(fast_place()) as folder:
        yield folder


@pytest.fixture
def server(place: Path) -> EmbeddedPostgres:
    """A server with durable settings, not yet started; the end of its place is its own."""
    return EmbeddedPostgres(place / "home")
