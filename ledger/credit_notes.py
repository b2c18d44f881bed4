"""What credit notes take off an invoice before it is paid, and what is left to pay then."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.observations import Bill
from ledger.snapshots import Newest

NOTHING_LEFT = ("paid", "void")


class PrePayment(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one credit note takes off before payment: from `since` on, until it was voided."""

    minor: int
    since: datetime
    until: datetime | None = None

    def unknown_to(self, at: datetime) -> int:
        """What it takes off (or, voided, gives back) that nobody could know at that time."""
        issued, voided = self.since > at, self.until is not None and self.until > at
        return self.minor * (issued - voided)


def remaining_minor(standing: Newest[Bill], notes: dict[str, PrePayment]) -> int:
    """What is left to pay: as the bill says, but for credit notes it could not know of yet."""
    bill = standing.state
    if bill.status in NOTHING_LEFT:
        return 0
    unknown = sum(note.unknown_to(standing.created) for note in notes.values())
    return max(0, bill.remaining_minor - unknown)
