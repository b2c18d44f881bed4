"""When a plan is to end because its bill is not paid, and when it is to come back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import msgspec

from ledger.aggregates.invoice_events import Finalized, Paid, PaymentFailed, Standing, Updated
from ledger.observations import Bill
from ledger.reactions.deciding import Decisions, Intent, Seen

DOWNGRADE, RESTORE = "dunning.downgrade", "dunning.restore"
SETTLES = timedelta(hours=1)  # what the provider itself does after its last try comes first


class Unpaid(msgspec.Struct, frozen=True):
    """The bill it is about, and the subscription it bills."""

    invoice_id: str
    subscription_id: str


def ends(seen: Seen) -> Iterator[Intent]:
    """A try to collect failed: the plan ends some time later, if the bill is still not paid.

    With a policy of our own that counts from the first failure. The provider's last try counts in
    any case, since it may end the subscription.
    """
    policy, bill = seen.by.dunning, _bill(seen)
    if policy is None or not failed(bill) or bill.subscription_id is None:
        return
    key, at = seen.stream.key, seen.event.effective_at
    unpaid = Unpaid(key, bill.subscription_id)
    if policy.own_days is not None:
        yield Intent(DOWNGRADE, key, unpaid, at + timedelta(days=policy.own_days))
    if bill.next_attempt_at is None:
        fact = f"{key}:{bill.attempt_count}:last"
        yield Intent(DOWNGRADE, fact, unpaid, at + SETTLES)


def comes_back(seen: Seen) -> Iterator[Intent]:
    """A bill was paid that could not be collected before."""
    bill = _bill(seen)
    if seen.by.dunning is None or bill.subscription_id is None:
        return
    if any(failed(each.standing.state) for each in seen.earlier(Standing)):
        yield Intent(RESTORE, seen.stream.key, Unpaid(seen.stream.key, bill.subscription_id))


def _bill(seen: Seen) -> Bill:
    assert isinstance(seen.event, Standing)
    return seen.event.standing.state


def failed(bill: Bill) -> bool:
    """Whether it waits after a try to collect it that failed."""
    return bill.status == "open" and bill.attempt_count > 0


LAPSING: Decisions = {
    Finalized: (ends,),
    Updated: (ends,),
    PaymentFailed: (ends,),
    Paid: (comes_back,),
}
"""A report may come late or alone, so a failure is read from how the bill stands."""
