"""One database URL becomes connections that never wait without bound."""

from __future__ import annotations

from collections.abc import Mapping
from time import monotonic
from typing import Any, TypeVar

import psycopg
from psycopg import waiting
from psycopg.abc import PQGen
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus

Row = TypeVar("Row")
Answer = TypeVar("Answer")

LIMIT_SECONDS = 5.0
_SERVERS_SHARE = 0.8
_ROLE = "-c role="
# A host that went away is noticed within some seconds. The URL's own values win.
_DEFAULTS = {
    "target_session_attrs": "read-write",
    "connect_timeout": "5",
    "keepalives_idle": "5",
    "keepalives_interval": "2",
    "keepalives_count": "3",
    "application_name": "billing",
}


def conninfo(url: str, settings: Mapping[str, str]) -> str:
    """`url` with our defaults, and with server `settings` in force from the first statement on.

    Several hosts, sockets, sslmode and the URL's own options all stay as they are; a role among
    these is spoken as, whatever role is asked for.
    """
    given: dict[str, Any] = {**_DEFAULTS, **conninfo_to_dict(url)}
    options = given.get("options") or ""
    ours = [
        f"-c {name}={_escaped(value)}"
        for name, value in settings.items()
        if name != "role" or _ROLE not in options
    ]
    given["options"] = " ".join(filter(None, [options, *ours]))
    return make_conninfo("", **given)


def only_reading(url: str) -> str:
    """The same database, for connections on which the server refuses to write."""
    reading = {"default_transaction_read_only": "on"}
    return conninfo(make_conninfo(url, target_session_attrs="any"), reading)


def session(role: str, limit_seconds: float) -> dict[str, str]:
    """The settings of a connection that speaks as `role` and gives up after `limit_seconds`.

    The server gives up a little before us: its refusal is certain, our hanging up is not. Its
    time-out ends before the commit begins, so it never cancels one.
    """
    limit = f"{max(1, round(_SERVERS_SHARE * limit_seconds * 1000))}ms"
    return {
        "role": role,
        "statement_timeout": limit,
        "idle_in_transaction_session_timeout": limit,
        "default_transaction_isolation": "read committed",
    }


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace(" ", "\\ ")


class BoundedConnection(psycopg.Connection[Row]):
    """Gives up on an answer at its `deadline`, and then hangs up.

    It hangs up after an interrupt too, where psycopg would cancel: a cancelled wait for a
    synchronous standby reports success for what the standby does not have.
    """

    deadline: float | None = None  # in monotonic seconds; None: LIMIT_SECONDS for each wait

    def wait(
        self, gen: PQGen[Answer], interval: float = 0.1, timeout: float | None = None
    ) -> Answer:
        left = LIMIT_SECONDS if self.deadline is None else self.deadline - monotonic()
        left = max(0.001, left if timeout is None else min(left, timeout))
        try:
            return waiting.wait(gen, self.pgconn.socket, interval=interval, timeout=left)
        except BaseException:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.close()
            raise
