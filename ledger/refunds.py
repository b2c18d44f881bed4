"""What went back of one payment: single refunds by their ids, and the provider's own sum."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.money import Money
from ledger.observations import Refund, RefundStatus


class RefundTotal(msgspec.Struct, frozen=True, order=True):
    """The provider's sum of all refunds of a payment as of `at`; of one second the largest."""

    at: datetime
    total: Money


class Refunds(msgspec.Struct, frozen=True):
    """All that is known of a payment's refunds; merges in any order.

    A refund moves from pending to succeeded, and a succeeded one may still fail: then the money
    came back and it no longer counts. Of the sums the newest is believed, since Stripe lowers the
    sum again when a refund fails; from 2022-11-15 until 2024-10-28 payloads report little else.
    `at_odds` has all amounts that were told of a refund which was told more than one.
    """

    by_id: dict[str, Refund] = {}
    total: RefundTotal | None = None
    at_odds: dict[str, tuple[Money, ...]] = {}

    def with_(self, refund_id: str, refund: Refund) -> Refunds:
        """These with one report of one refund; themselves when it says nothing new."""
        known = self.by_id.get(refund_id)
        if known is None:
            return Refunds({**self.by_id, refund_id: refund}, self.total, self.at_odds)
        furthest = max(known, refund, key=_standing)
        told = {*self.at_odds.get(refund_id, ()), known.amount, refund.amount}
        at_odds = {**self.at_odds, refund_id: tuple(sorted(told))}
        after = at_odds if len(told) > 1 else self.at_odds
        if furthest == known and after == self.at_odds:
            return self
        return Refunds({**self.by_id, refund_id: furthest}, self.total, after)

    def with_total(self, total: Money, at: datetime) -> Refunds:
        """These with one report of the sum; themselves when it says nothing new."""
        reported = RefundTotal(at, total)
        if total.minor == 0 or (self.total and self.total >= reported):
            return self
        return Refunds(self.by_id, reported, self.at_odds)

    @property
    def minor(self) -> int:
        """What is refunded in all, in minor units."""
        done = sum(self._amounts("succeeded"))
        if self.total is None:
            return done
        return max(done, self.total.total.minor - self._undone(self.total.at))

    def _undone(self, at: datetime) -> int:
        """What the sum of `at` counts and did not go back; it left out what had failed before."""
        failed = [each.amount.minor for each in self._with_status("failed") if each.at >= at]
        return sum(self._amounts("pending")) + sum(failed)

    def reached(self, minor: int) -> datetime | None:
        """When refunds first came to `minor`: by the single refunds, else by the sum.

        The sum counts refunds that are still pending, so it may be early.
        """
        so_far = 0
        for at, amount in sorted((r.at, r.amount.minor) for r in self._with_status("succeeded")):
            so_far += amount
            if so_far >= minor:
                return at
        return self.total.at if self.total and self.total.total.minor >= minor else None

    def _amounts(self, status: RefundStatus) -> list[int]:
        return [refund.amount.minor for refund in self._with_status(status)]

    def _with_status(self, status: RefundStatus) -> list[Refund]:
        return [refund for refund in self.by_id.values() if refund.status == status]


def _standing(refund: Refund) -> tuple[int, float, Money]:
    """How far a refund has come; of two reports of the same step the earlier tells when.

    Of two that contradict each other the larger amount counts, whichever came first.
    """
    return _RANK[refund.status], -refund.at.timestamp(), refund.amount


_RANK: dict[RefundStatus, int] = {"pending": 0, "succeeded": 1, "failed": 2}
