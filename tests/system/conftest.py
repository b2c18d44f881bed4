"""A durable server for a session, a fresh installation for a test, and the reference run."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger.embedded.postgres import EmbeddedPostgres
from ledger.embedded.throwaway import own_folder
from tests.support.databases import fresh_database
from tests.system.installation import Installation
from tests.system.reference import Reference, undisturbed


@pytest.fixture(scope="session")
def durable_url() -> Iterator[str]:
    """A server that keeps what it acknowledges, on disk."""
    with (
        own_folder(Path(tempfile.gettempdir())) as folder,
        EmbeddedPostgres(folder / "home") as server,
    ):
        yield server.url


@pytest.fixture
def installation(durable_url: str, tmp_path: Path) -> Iterator[Installation]:
    """Programs on an empty, migrated database of the test's own."""
    with _installation(durable_url, tmp_path) as fresh:
        fresh.run("migrate")
        yield fresh


@pytest.fixture
def crashing(crash_cluster: EmbeddedPostgres, tmp_path: Path) -> Iterator[Installation]:
    """Programs on a server of the test's own, which it may kill."""
    with closing(Installation(crash_cluster.url, tmp_path)) as fresh:
        fresh.run("migrate")
        yield fresh


@pytest.fixture(scope="session")
def reference(durable_url: str, tmp_path_factory: pytest.TempPathFactory) -> Reference:
    """What an undisturbed run of the same year comes to."""
    with _installation(durable_url, tmp_path_factory.mktemp("reference")) as fresh:
        return undisturbed(fresh)


@contextmanager
def _installation(server_url: str, folder: Path) -> Iterator[Installation]:
    with (
        fresh_database(server_url, "system") as url,
        closing(Installation(url, folder)) as fresh,
    ):
        yield fresh
