"""What a comparison finds, how much is repaired unasked, and which answers are not believed."""

from __future__ import annotations

from typing import Literal

import msgspec

from ledger.errors import LedgerError
from replay.reconcile.happenings import Missed

What = Literal["missing", "differs", "not_listed", "never_came"]
EVENTS = "events"
MOST = 10
MOST_PERCENT = 5


class EmptyAnswer(LedgerError):
    """An empty list where rows are known is a fault of somebody's, and no fact."""

    def __init__(self, kind: str, rows: int) -> None:
        self.kind = kind
        self.rows = rows
        super().__init__(
            f"Stripe lists no {kind} at all, and {rows} are known here: "
            "that is not believed, and nothing is changed"
        )


class NoneOfOurs(LedgerError):
    """Many are known here and none of them is listed, but others are: no account changes so."""

    def __init__(self, kind: str, rows: int) -> None:
        self.kind = kind
        self.rows = rows
        super().__init__(
            f"Stripe lists {kind}, and none of the {rows} that are known here: STRIPE_SECRET_KEY "
            "seems to be another account's; nothing is changed"
        )


class Difference(msgspec.Struct, frozen=True):
    """A row that is not as Stripe says: `columns` has what it says and what Stripe says.

    `objects` are the ids of what Stripe has for it; a row that is not listed has none. Of an event
    that never came, `key` is its id and `event` what it is.
    """

    kind: str
    key: str
    what: What
    columns: dict[str, tuple[object, object]] = {}
    objects: tuple[str, ...] = ()
    event: Missed | None = None


class Compared(msgspec.Struct):
    """What came out: rows compared by kind, events that are listed, and what differs."""

    rows: dict[str, int] = {}
    events: int = 0
    differences: list[Difference] = []

    @property
    def compared(self) -> int:
        return sum(self.rows.values())

    @property
    def missed(self) -> int:
        """How many of the differences are events that never came."""
        return sum(each.kind == EVENTS for each in self.differences)

    @property
    def most(self) -> int:
        """How many differences may be repaired without their number being named.

        Events count as differences like rows, and not among what is compared: else many events
        would let many rows pass.
        """
        return min(MOST, self.compared * MOST_PERCENT // 100)
