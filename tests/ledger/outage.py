"""Takes a database away from whoever uses it, and gives it back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

_ALLOW = SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
_END = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


@contextmanager
def out_of_reach(server_url: str, database_url: str) -> Iterator[None]:
    """Nobody can connect to the database, and whoever was connected is thrown out."""
    name = str(conninfo_to_dict(database_url)["dbname"])
    with psycopg.connect(server_url, autocommit=True) as server:
        server.execute(_ALLOW.format(Identifier(name), SQL("false")))
        server.execute(_END, [name])
        try:
            yield
        finally:
            server.execute(_ALLOW.format(Identifier(name), SQL("true")))
