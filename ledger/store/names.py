"""What things are called in the database: schemas, roles, channels and lock keys."""

from __future__ import annotations

import hashlib
import re
from dataclasses import astuple, dataclass

# PostgreSQL cuts identifiers at 63 bytes, and a channel adds `_events`: two names could become one.
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,49}")


class InvalidName(ValueError):
    """Not a name for a schema or role."""

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(
            f"{name!r} is no name for a schema or role: up to 50 letters, digits and underscores"
        )


@dataclass(frozen=True)
class Names:
    """The schemas and group roles of one ledger; the roles cannot log in themselves.

    Unless `reactions` is given, it is named after the ledger, whose own it is.
    """

    inbox: str = "billing_inbox"
    ledger: str = "billing_ledger"
    projections: str = "billing_projections"
    finance: str = "finance"
    owner: str = "billing_owner"
    writer: str = "billing_writer"
    reader: str = "billing_finance"
    auditor: str = "billing_auditor"
    reactions: str = ""

    def __post_init__(self) -> None:
        if not self.reactions:
            object.__setattr__(self, "reactions", _reactions_of(self.ledger))
        for name in astuple(self):
            if not _NAME.fullmatch(name):
                raise InvalidName(name)

    @property
    def stores(self) -> tuple[str, str]:
        """The schemas that hold history: what came in, and what it means."""
        return self.inbox, self.ledger

    @property
    def logs(self) -> dict[str, str]:
        """Log -> its schema; besides the two, what was done in the world because of them."""
        return {"inbox": self.inbox, "ledger": self.ledger, "reactions": self.reactions}

    @property
    def schemas(self) -> tuple[str, ...]:
        return self.inbox, self.ledger, self.projections, self.finance, self.reactions

    @property
    def roles(self) -> tuple[str, ...]:
        return self.owner, self.writer, self.reader, self.auditor


def _reactions_of(ledger: str) -> str:
    return "billing_reactions" if ledger == "billing_ledger" else f"{ledger[:40]}_reactions"


def channel(schema: str) -> str:
    """Where the store in `schema` notifies that it has grown."""
    return f"{schema}_events"


def lock_key(name: str) -> int:
    """The advisory lock for `name`: the same 64-bit number in every process and release."""
    return int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big", signed=True)


def append_lock(schema: str) -> int:
    """The lock that makes positions in `schema` become visible in their own order."""
    return lock_key(f"{schema}.events")
