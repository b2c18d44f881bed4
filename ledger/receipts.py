"""What came in for one payment, as each of the objects that report the same money says."""

from __future__ import annotations

import msgspec

from ledger.money import Money
from ledger.observations import PaymentSource


class Receipts(msgspec.Struct, frozen=True):
    """The most each source reported, by `source currency`; merges in any order.

    The sources report the same money, so they have to agree. Where they contradict each other
    nothing is guessed: `conflict` says what each says, and the payment counts for nothing.
    """

    reports: dict[str, Money] = {}

    def with_(self, source: PaymentSource, received: Money) -> Receipts:
        """These with one more report; themselves when it says nothing new."""
        key = f"{source} {received.currency}"
        known = self.reports.get(key)
        if known is not None and known >= received:
            return self
        return Receipts({**self.reports, key: received})

    @property
    def money(self) -> Money:
        """What came in; in a conflict what the most direct source says."""
        return self.reports[min(self.reports, key=_directness)]

    @property
    def conflict(self) -> str | None:
        """What each source says, when they do not all say the same."""
        if len(set(self.reports.values())) <= 1:
            return None
        told = sorted(self.reports.items(), key=lambda each: _directness(each[0]))
        return "; ".join(f"{key.split()[0]} says {money}" for key, money in told)


def _directness(key: str) -> tuple[int, str]:
    return _SOURCES.index(key.split(maxsplit=1)[0]), key


_SOURCES = ("intent", "checkout", "charge")
