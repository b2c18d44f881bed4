"""Which rows are not as Stripe says, and which it would be too early to judge."""

from __future__ import annotations

from datetime import timedelta

import pytest

from replay.reconcile.approving import OtherNumber, TooManyDifferences, approve
from replay.reconcile.differences import Difference
from replay.reconcile.wording import lines
from tests.ledger.providers.stripe.mirrored_objects import balance_transaction
from tests.ledger.providers.stripe.objects import (
    Json,
    charge,
    customer,
    payment_intent,
    session,
)
from tests.ledger.providers.stripe.payloads import delivery, event, time
from tests.replay.reconcile.given import Books, Events, Stripe, business, compared, honest, paid

FAILED = {"last_payment_error": {"code": "card_declined"}}


def of_payment(here: Json, at_stripe: Json) -> list[tuple[str, object, object]]:
    """What differs of the kinds a payment intent tells of, by column: here, and at Stripe."""
    shop = business(1)
    books = Books(Stripe({**shop, "payments": [here]}))
    found = compared(Stripe({**shop, "payments": [at_stripe]}), books).differences
    return [(each.kind, *sums) for each in found for sums in each.columns.values()]


def intent(status: str, **changes: object) -> Json:
    return payment_intent(id="pi_0", status=status, **changes)


OPEN, CANCELED, PAID = intent("processing"), intent("canceled"), paid(0)
DECLINED = intent("requires_payment_method", **FAILED)
UNTRIED = intent("requires_payment_method")


@pytest.mark.parametrize("status", [OPEN, CANCELED, PAID, DECLINED, UNTRIED])
def test_a_payment_that_stands_the_same_does_not_differ(status: Json) -> None:
    assert of_payment(status, status) == []


@pytest.mark.parametrize(
    ("here", "there", "differs"),
    [
        (OPEN, CANCELED, ("payments", "pending", "canceled")),
        (CANCELED, OPEN, ("payments", "canceled", "pending")),
        (OPEN, DECLINED, ("payments", "pending", "failed")),
        (DECLINED, CANCELED, ("payments", "failed", "canceled")),
        (PAID, DECLINED, ("account_payments", "paid", "pending")),
        (DECLINED, PAID, ("account_payments", "pending", "paid")),
    ],
)
def test_a_payment_that_stands_otherwise_differs(
    here: Json, there: Json, differs: tuple[str, str, str]
) -> None:
    assert differs in of_payment(here, there)


def test_one_that_failed_before_and_is_tried_again_does_not_differ() -> None:
    assert of_payment(DECLINED, OPEN) == []


def test_a_payment_nobody_made_need_not_be_known() -> None:
    shop = business(1)
    books = Books(Stripe(shop))
    more = {**shop, "payments": [PAID, payment_intent(id="pi_new"), paid(7)]}

    found = compared(Stripe(more), books).differences

    assert [(each.kind, each.key, each.what) for each in found] == [("payments", "pi_7", "missing")]


def test_a_session_that_took_no_money_gives_what_it_sells_and_must_be_known() -> None:
    shop = business(1)
    books = Books(Stripe(shop))
    free = session(id="cs_9", payment_intent=None, payment_status="no_payment_required")
    left = session(id="cs_8", payment_intent=None, payment_status="unpaid", status="expired")
    more = {**shop, "checkout_sessions": [*shop["checkout_sessions"], free, left]}

    found = compared(Stripe(more), books).differences

    assert found == [Difference("checkout_sessions", "cs_9", "missing", objects=("cs_9",))]


def test_what_a_charge_cost_must_be_known_and_the_same() -> None:
    shop = business(2)
    moved = [balance_transaction(id=f"txn_{n}", source=f"ch_{n}") for n in range(2)]
    costs = [
        charge(id=f"ch_{n}", payment_intent=f"pi_{n}", balance_transaction=moved[n])
        for n in range(2)
    ]
    stripe = Stripe({**shop, "charges": costs})
    books = Books(
        Stripe({**shop, "charges": [costs[0], shop["charges"][1]]}),
        {("balance_transactions", "txn_0"): {"fee_minor": 1}},
    )

    found = compared(stripe, books).differences

    assert [(each.kind, each.key, each.what) for each in found] == [
        ("balance_transactions", "txn_0", "differs"),
        ("balance_transactions", "txn_1", "missing"),
    ]
    assert found[0].columns == {"fee_minor": (1, 59)}


def test_pages_that_overlap_count_a_refund_once() -> None:
    stripe = Stripe(business(3), {"refunds": lambda kind, all_: iter([all_[:2], all_[1:]])})

    assert compared(stripe, Books(stripe)).differences == []


def test_what_is_younger_or_moved_since_is_not_compared() -> None:
    shop = business(1)
    books = Books(Stripe({**shop, "customers": [customer(id="cus_0", name="Other")]}))
    stripe = Stripe(shop)

    young = compared(stripe, books, until=time(-1))
    moved = compared(stripe, books, Events(moving="cus_0"))
    still = compared(stripe, books)

    assert (young.differences, young.compared) == ([], 0)
    assert (moved.differences, moved.rows["customers"]) == ([], 0)
    assert [each.key for each in still.differences] == ["cus_0"]


def outage(count: int) -> Events:
    """A day on which nothing came."""
    return Events(
        *(
            delivery(event("invoice.paid", {"id": f"in_{n}"}, n / count, id=f"evt_{n}"))
            for n in reversed(range(count))
        )
    )


def test_a_day_of_events_that_never_came_is_told_in_few_lines_and_repaired_by_its_number() -> None:
    stripe = Stripe(business(10))
    found = compared(stripe, Books(stripe), outage(1000))

    told = list(lines(found))

    assert found.missed == len(found.differences) == 1000
    assert told[-12] == "events                  1000 listed      1000 never came"
    assert told[-11] == "events evt_0: never came (invoice.paid of 2026-09-01T12:00:00Z)"
    assert told[-1] == "and 990 events more that never came: `billing backfill` fetches all of them"
    with pytest.raises(TooManyDifferences, match=r"--yes 1000 .* `billing backfill` fetches"):
        approve(found, None, as_json=False)
    with pytest.raises(OtherNumber):
        approve(found, 999, as_json=False)
    approve(found, 1000, as_json=False)


def test_many_events_let_no_more_rows_pass() -> None:
    stripe = Stripe(business(10))

    assert compared(stripe, Books(stripe), outage(1000)).most == 90 * 5 // 100


def test_that_no_event_is_listed_is_no_difference() -> None:
    stripe = Stripe(business(1), {"customers": honest})

    found = compared(stripe, Books(stripe), Events(), until=time(9) - timedelta(minutes=30))

    assert (found.events, found.differences) == (0, [])
