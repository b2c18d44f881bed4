"""Databases of a test's own on a server that others use as well."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import psycopg
from psycopg.errors import ObjectInUse
from psycopg.sql import SQL, Composed, Identifier

from tests.system.patience import until

_COPY = SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy")
_EMPTY = SQL("CREATE DATABASE {}")
_DROP = SQL("DROP DATABASE {} WITH (FORCE)")


@contextmanager
def fresh_database(server_url: str, kind: str, copied: str | None = None) -> Iterator[str]:
    """The address of a new one, empty or a copy of the one named `copied`, dropped afterwards."""
    name = f"billing_{kind}_{uuid.uuid4().hex[:12]}"
    own = Identifier(name)
    create = _EMPTY.format(own) if copied is None else _COPY.format(own, Identifier(copied))
    with psycopg.connect(server_url, autocommit=True) as server:
        _patiently(server, create)
        try:
            yield urlsplit(server_url)._replace(path=f"/{name}").geturl()
        finally:
            _patiently(server, _DROP.format(own))


def _patiently(server: psycopg.Connection, statement: Composed) -> None:
    """The server waits five seconds for whoever hangs up, and then refuses: ask it again."""

    def is_done() -> bool:
        with suppress(ObjectInUse):
            server.execute(statement)
            return True
        return False

    until(is_done, "others to leave a database")


def name_of(url: str) -> str:
    """The database an address leads to."""
    return urlsplit(url).path.removeprefix("/")
