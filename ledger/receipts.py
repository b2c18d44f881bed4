"""What came in for one payment, as each of the objects that report the same money says."""

from __future__ import annotations

import msgspec

from ledger.money import Money
from ledger.observations import PaymentSource


class Receipts(msgspec.Struct, frozen=True):
    """The amounts each source reported, by `source currency`; merges in any order.

    The sources report the same money, so they have to agree, with each other and with what they
    said before; only a charge may report more later, when it is captured in parts. Where they
    contradict each other nothing is guessed: `conflict` says what each says, and the payment
    counts for nothing.
    """

    reports: dict[str, tuple[Money, ...]] = {}

    def with_(self, source: PaymentSource, received: Money) -> Receipts:
        """These with one more report; themselves when it says nothing new."""
        key = f"{source} {received.currency}"
        known = self.reports.get(key, ())
        told = tuple(sorted({*known, received}))
        after = told[-1:] if source in _GROWING else told
        return self if after == known else Receipts({**self.reports, key: after})

    @property
    def money(self) -> Money:
        """What came in; in a conflict the most that the most direct source says."""
        return self.reports[min(self.reports, key=_directness)][-1]

    @property
    def conflict(self) -> str | None:
        """What each source says, when they do not all say the same."""
        told = [
            (key.split()[0], money)
            for key in sorted(self.reports, key=_directness)
            for money in self.reports[key]
        ]
        if len({money for _, money in told}) <= 1:
            return None
        return "; ".join(f"{source} says {money}" for source, money in told)


def _directness(key: str) -> tuple[int, str]:
    return _SOURCES.index(key.split(maxsplit=1)[0]), key


_SOURCES = ("intent", "checkout", "charge")
_GROWING = ("charge",)
