"""When a failed payment is to end a plan, and when a payment is to bring one back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from ledger.aggregates.invoice_events import Finalized, Paid, PaymentFailed, Standing
from ledger.dunning.deciding import LAPSING, SETTLES
from ledger.event import Event
from ledger.observations import Bill, InvoiceStatus, Payer
from ledger.reactions.deciding import Seen, intended
from ledger.settings.dunning import Dunning
from ledger.settings.reacting import Reacting
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import SCOPE, START, usd
from tests.ledger.reactions.given import stamped

STREAM = SCOPE.stream("invoice", "in_1")
AGAIN = START + timedelta(days=3)


def bill(
    status: InvoiceStatus, attempts: int, again: bool = False, of: str | None = "sub_1"
) -> Bill:
    return Bill(
        status=status,
        payer=Payer(),
        total=usd(2900),
        paid=usd(2900 if status == "paid" else 0),
        subscription_id=of,
        attempt_count=attempts,
        next_attempt_at=AGAIN if again else None,
    )


def told(kind: type[Standing], bill: Bill) -> Standing:
    return kind(standing=Newest((Snapshot(bill, START),)))


def intents(policy: Dunning | None, *events: Event) -> dict[str, timedelta]:
    """What the last of these events calls for, and how much later."""
    history: Sequence[Event] = stamped(STREAM, START, *events)
    seen = Seen(history[-1], len(history), lambda _: history, Reacting(dunning=policy))
    found = intended(seen, LAPSING)
    return {id_.rpartition("/")[2]: each.due_at - START for id_, each in found.items()}


FAILED = told(PaymentFailed, bill("open", 1, again=True))
LAST = told(PaymentFailed, bill("open", 4))
PAID = told(Paid, bill("paid", 5))


def test_following_the_provider_a_try_that_is_not_the_last_ends_nothing() -> None:
    assert intents(Dunning(), FAILED) == {}


def test_following_the_provider_the_last_try_ends_the_plan_once_that_has_settled() -> None:
    assert intents(Dunning(), LAST) == {"dunning.downgrade:in_1:4:last": SETTLES}


def test_days_of_our_own_count_from_the_first_failure_under_one_and_the_same_id() -> None:
    first = intents(Dunning(7), FAILED)
    last = intents(Dunning(7), FAILED, LAST)

    assert first == {"dunning.downgrade:in_1": timedelta(days=7)}
    assert last == first | {"dunning.downgrade:in_1:4:last": SETTLES}


def test_a_failure_that_is_the_first_report_of_all_counts() -> None:
    only = told(Finalized, bill("open", 1, again=True))

    assert intents(Dunning(7), only) == {"dunning.downgrade:in_1": timedelta(days=7)}


def test_a_bill_that_is_paid_after_a_failure_may_bring_a_plan_back() -> None:
    assert intents(Dunning(), FAILED, PAID) == {"dunning.restore:in_1": timedelta(0)}


@pytest.mark.parametrize(
    "events",
    [
        (told(Finalized, bill("open", 0)),),
        (told(Finalized, bill("open", 0)), PAID),
        (told(PaymentFailed, bill("open", 4, of=None)),),
        (PAID,),
    ],
)
def test_what_never_failed_or_is_no_subscriptions_calls_for_nothing(
    events: tuple[Event, ...],
) -> None:
    assert intents(Dunning(0), *events) == {}


def test_without_a_policy_nothing_is_done() -> None:
    assert intents(None, FAILED, LAST) == {}
    assert intents(None, FAILED, PAID) == {}
