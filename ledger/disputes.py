"""The chargebacks of one payment, each by its own id."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.observations import Dispute, DisputeStatus
from ledger.snapshots import Newest, Snapshot, newest


class Disputes(msgspec.Struct, frozen=True):
    """How each dispute stands; an inquiry moves no money, and a lost one takes back for good."""

    by_id: dict[str, Newest[Dispute]] = {}

    def with_(self, dispute_id: str, snapshot: Snapshot[Dispute]) -> Disputes:
        """These with one more report; themselves when it says nothing new."""
        standing = newest(self.by_id.get(dispute_id), snapshot)
        if standing == self.by_id.get(dispute_id):
            return self
        return Disputes({**self.by_id, dispute_id: standing})

    @property
    def disputed_minor(self) -> int:
        """What is in dispute or lost by one, in minor units."""
        return self._sum("open", "lost")

    @property
    def lost_minor(self) -> int:
        """What is lost by disputes, in minor units."""
        return self._sum("lost")

    @property
    def lost_at(self) -> datetime | None:
        """When the first dispute was lost."""
        lost = [each for each in self.by_id.values() if each.state.status == "lost"]
        return min((each.state.closed_at or each.created for each in lost), default=None)

    def _sum(self, *statuses: DisputeStatus) -> int:
        states = (each.state for each in self.by_id.values())
        return sum(each.amount.minor for each in states if each.status in statuses)
