"""What came in for a payment and what of it went back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from web.sandbox.truth.disputes import Dispute
from web.sandbox.truth.refunds import Refund


@dataclass(frozen=True, slots=True)
class Money:
    """Minor units of one payment. Inquiries move no money and count for nothing."""

    paid_minor: int
    paid_at: int | None
    refunds: tuple[Refund, ...] = ()
    disputes: tuple[Dispute, ...] = ()

    @property
    def refunded_minor(self) -> int:
        """What went back by refunds that succeeded and did not fail afterwards."""
        return sum(each.amount for each in self._gone_back)

    @property
    def lost_minor(self) -> int:
        """What the banks took for good."""
        return sum(each.amount for each in self.disputes if each.status == "lost")

    @property
    def open_minor(self) -> int:
        """What is disputed and not decided."""
        return sum(each.amount for each in self.disputes if _undecided(each))

    @property
    def taken_back(self) -> tuple[int, str] | None:
        """When and why the payment stopped counting: all refunded, or a dispute lost."""
        return min(self._ends(), default=None)

    def _ends(self) -> Iterator[tuple[int, str]]:
        for dispute in self.disputes:
            if dispute.status == "lost" and dispute.closed_at is not None:
                yield dispute.closed_at, "dispute_lost"
        totals = accumulate(each.amount for each in self._gone_back)
        for refund, total in zip(self._gone_back, totals, strict=True):
            if total >= self.paid_minor > 0:
                yield refund.succeeded_at or refund.created, "refunded"

    @property
    def _gone_back(self) -> list[Refund]:
        succeeded = [each for each in self.refunds if each.status == "succeeded"]
        return sorted(succeeded, key=lambda each: each.succeeded_at or each.created)


def _undecided(each: Dispute) -> bool:
    return not each.inquiry and each.status not in {"won", "lost"}
