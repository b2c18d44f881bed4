"""The PostgreSQL that is measured: durable, on a real disk, with a fresh database for each use."""

from __future__ import annotations

import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg.sql import SQL, Identifier

from benchmarks.machine import machine
from ledger.embedded.postgres import EmbeddedPostgres
from ledger.embedded.throwaway import own_folder
from ledger.store.schema import migrate

GIVEN = "BENCH_DATABASE_URL"


class Bench:
    """A server's address, and databases on it."""

    def __init__(self, url: str, place: Path) -> None:
        self.url = url
        with psycopg.connect(url, autocommit=True) as connection:
            self.machine = machine(connection, place)

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of a migrated, empty database, dropped afterwards."""
        name = f"billing_bench_{uuid.uuid4().hex[:12]}"
        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
            url = urlsplit(self.url)._replace(path=f"/{name}").geturl()
            try:
                migrate(url)
                yield url
            finally:
                server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@contextmanager
def bench() -> Iterator[Bench]:
    """The server BENCH_DATABASE_URL names, else one of our own in a temporary folder."""
    place = Path(tempfile.gettempdir())
    given = os.environ.get(GIVEN)
    if given:
        yield Bench(given, place)
    else:
        with own_folder(place) as folder, EmbeddedPostgres(folder / "home") as server:
            yield Bench(server.url, folder)
