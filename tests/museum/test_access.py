"""Access by what was paid for: not taken too early, not kept for ever, not given for nothing."""

from __future__ import annotations

import pytest

from tests.ledger.providers.stripe.objects import (
    DAY,
    MONTH,
    NOW,
    Json,
    invoice,
    item,
    subscription,
)
from tests.ledger.providers.stripe.old_objects import invoice_2020, subscription_2020
from tests.ledger.providers.stripe.payloads import event
from tests.museum import without
from tests.museum.telling import may_use, told, told_in_every_order

BEGUN = event("customer.subscription.created", subscription())
PAID = event("invoice.paid", invoice())
UNPAID = {"status": "open", "amount_paid": 0, "status_transitions": {"paid_at": None}}


def retried(attempt: int) -> Json:
    """The second month's invoice, not paid at this attempt."""
    second = invoice(id="in_2", attempt_count=attempt, **UNPAID)
    return event("invoice.payment_failed", second, on=30 + 3 * attempt)


def test_who_cancels_keeps_what_is_paid_for() -> None:
    """HabitRPG/habitica#8600 "cancelled subscriptions sometimes end early"; screenpipe#3843
    "Canceling Subscription Immediately Removes Pro Access Before Expiration Date".

    Guard: the end is the end of the paid period, whatever is said of the time after it.
    """
    leaving = subscription(cancel_at_period_end=True, cancel_at=NOW + MONTH, canceled_at=NOW + DAY)
    ledger = told_in_every_order(BEGUN, PAID, event("customer.subscription.updated", leaving, on=1))

    assert may_use(ledger, on=29)
    assert not may_use(ledger, on=30)


def test_one_declined_card_locks_nobody_out_and_many_do() -> None:
    """indentlabs/notebook#301 "Removing Premium users who haven't paid"; superset-sh/superset#6732
    (8 organisations gated on the first decline); CapSoftware/Cap#2074.

    Guard: paid time and a grace that starts with its end. The provider's word `past_due` alone
    would lock out at once or never.
    """
    late = subscription(status="past_due")
    story = (BEGUN, PAID, event("customer.subscription.updated", late, on=30), retried(1))
    ledger = told_in_every_order(*story)

    assert may_use(ledger, on=31)
    assert may_use(ledger, on=36.9)
    assert not may_use(ledger, on=37)
    with without.access_by_what_is_paid():
        assert may_use(told(*story), on=900)


def test_however_many_retries_there_is_one_grace() -> None:
    """AI-Shipping-Labs#1413: one grace window, however many retries.

    Guard: a failed attempt says nothing of paid time.
    """
    once = told(BEGUN, PAID, retried(1))
    often = told(BEGUN, PAID, *(retried(n) for n in range(1, 5)))

    assert often.rows["entitlements"] == once.rows["entitlements"]


@pytest.mark.parametrize("status", ["incomplete", "active"])
def test_a_subscription_nobody_paid_gives_nothing(status: str) -> None:
    """kortix-ai/suna#6247 "activate subscriptions only after the first invoice is paid" (85
    accounts); t3dotgg/stripe-recommendations#4 "not checking if actual invoice has been paid".

    Guard: access comes of a paid invoice or a trial, never of a subscription's being there.
    """
    begun = event("customer.subscription.created", subscription(status=status))
    story = (begun, event("invoice.finalized", invoice(**UNPAID)))

    assert not told_in_every_order(*story).rows["entitlements"]
    with without.access_by_what_is_paid():
        assert may_use(told(*story), on=1) == (status == "active")


def test_another_api_version_tells_the_same() -> None:
    """synthetic-sciences/openscience#475 "Stripe payment processed (Status: Paid) but wallet
    balance is $0"; PostHog/posthog#94427 ("Nothing errors"); Mirascope/lilypad#723 "Silent
    billing-period bug on Basil-era…".

    Guard: each delivery is read by the version it names. What reads the new shape by the old
    name finds no period, and nothing errors.
    """
    version = "2020-08-27"
    old = (
        event("customer.subscription.created", subscription_2020(), api_version=version),
        event("invoice.paid", invoice_2020(), api_version=version),
    )
    now, then = told_in_every_order(BEGUN, PAID), told_in_every_order(*old)

    assert now.rows["subscriptions"] == then.rows["subscriptions"]
    assert now.rows["entitlements"] == then.rows["entitlements"]
    assert subscription().get("current_period_end") is None
    assert may_use(told(*old, BEGUN, PAID), on=29), "both at once, while an endpoint is upgraded"


def test_who_is_not_spoken_of_loses_nothing() -> None:
    """indentlabs/notebook docs/incidents/2026-09-subscription-sync-mass-downgrade.md;
    brandhaug/b2b-saas-starter#283; AI-Shipping-Labs#1308.

    Guard: absence of data is no event. A repair that ends whatever a list does not name, ends all
    that an empty list does not name; here there is no such way.
    """
    other = subscription(id="sub_2", customer="cus_2", items={"data": [item(id="si_2")]})
    before = told(BEGUN, PAID)
    after = told(BEGUN, PAID, event("customer.subscription.created", other, on=20))

    kept = {key: after.rows["entitlements"].get(key) for key in before.rows["entitlements"]}
    assert kept == dict(before.rows["entitlements"])
