"""The chargebacks of one payment, each by its own id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec

from ledger.money import Money
from ledger.observations import Dispute, DisputeStatus
from ledger.snapshots import Newest, Snapshot, newest


class Disputes(msgspec.Struct, frozen=True):
    """How each dispute stands; an inquiry moves no money, and a lost one takes back for good.

    `first_lost` keeps when each was first reported lost, since later reports repeat it.
    """

    by_id: dict[str, Newest[Dispute]] = {}
    first_lost: dict[str, datetime] = {}

    def with_(self, dispute_id: str, snapshot: Snapshot[Dispute]) -> Disputes:
        """These with one more report; themselves when it says nothing new."""
        standing = newest(self.by_id.get(dispute_id), snapshot)
        lost_at = self.first_lost.get(dispute_id)
        if snapshot.state.status == "lost":
            lost_at = min(lost_at or snapshot.created, snapshot.created)
        after = self.standing(dispute_id, standing, lost_at)
        return self if after == self else after

    def standing(
        self, dispute_id: str, standing: Newest[Dispute], lost_at: datetime | None
    ) -> Disputes:
        """These with one dispute as it is known to stand."""
        first_lost = {**self.first_lost, dispute_id: lost_at} if lost_at else self.first_lost
        return Disputes({**self.by_id, dispute_id: standing}, first_lost)

    @property
    def disputed_minor(self) -> int:
        """What is in dispute or lost by one, in minor units."""
        return self._sum(*MOVING)

    @property
    def lost_minor(self) -> int:
        """What is lost by disputes, in minor units."""
        return self._sum("lost")

    @property
    def lost_at(self) -> datetime | None:
        """When the first of the lost disputes was reported lost."""
        lost = [id_ for id_, each in self.by_id.items() if each.state.status == "lost"]
        return min((self.first_lost[id_] for id_ in lost), default=None)

    def moving(self) -> Iterator[tuple[str, Money]]:
        """The amounts of those that move money, by id."""
        for id_, each in self.by_id.items():
            if each.state.status in MOVING:
                yield id_, each.state.amount

    def _sum(self, *statuses: DisputeStatus) -> int:
        states = (each.state for each in self.by_id.values())
        return sum(each.amount.minor for each in states if each.status in statuses)


MOVING: tuple[DisputeStatus, ...] = ("open", "lost")
