"""Whether the time that is left of a plan was paid for, so that its end gives it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from ledger.observations import Bill
from ledger.policy import Coverage


def is_paid(
    unpaid: Bill | None,
    coverage: Mapping[str, Coverage],
    bill_of: Callable[[str], Bill | None],
    now: datetime,
) -> bool:
    """Whether the running time was paid, and nothing of it is on the unpaid bill.

    What nobody paid for is never given back: a bill that does not say what it covers is taken to
    cover it; a stretch that cost nothing was not paid; and one that began before the newest that is
    covered (`coverage`, by invoice) was settled when that one began.
    """
    kept = {key: each for key, each in coverage.items() if each.taken_back is None}
    if unpaid is None or unpaid.covers is None or not kept:
        return False
    begins = max(each.start for each in kept.values())
    runs = [key for key, each in kept.items() if each.start == begins and now < each.end]
    bills = [bill_of(key) for key in runs]
    on_the_bill = unpaid.covers.start <= now < unpaid.covers.end
    return not on_the_bill and any(bill is not None and bill.total.minor > 0 for bill in bills)
