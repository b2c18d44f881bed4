"""Facts about one payment that cannot all be true: they are shown, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.disputes import Disputes
from ledger.money import Money
from ledger.receipts import Receipts
from ledger.refunds import Refunds


def contradiction(receipts: Receipts, refunds: Refunds, disputes: Disputes) -> str | None:
    """What each of the facts says that contradict each other; None when they agree.

    Reports of what came in have to agree, so have those of one refund, and what went back went back
    in the currency that came.
    """
    found = [receipts.conflict] if receipts.conflict else []
    found += ["; ".join(_says(id_, each) for each in told) for id_, told in refunds.at_odds.items()]
    came = receipts.money
    foreign = [
        _says(id_, money)
        for id_, money in sorted(_back(refunds, disputes))
        if money.currency != came.currency
    ]
    found += [f"received is {came}; {'; '.join(foreign)}"] if foreign else []
    return "; ".join(found) or None


def _back(refunds: Refunds, disputes: Disputes) -> Iterator[tuple[str, Money]]:
    """All that went back, or may, by who says so; an inquiry moves no money."""
    yield from ((id_, each.amount) for id_, each in refunds.by_id.items())
    yield from disputes.moving()
    if refunds.total:
        yield "the sum of refunds", refunds.total.total


def _says(id_: str, money: Money) -> str:
    return f"{id_} says {money}"
