"""Pauses, trials and pending updates of subscriptions end alike in every order of arrival."""

from typing import Any

from ledger.aggregates.subscription import Subscription
from tests.ledger.providers.stripe.objects import (
    DAY,
    MONTH,
    NOW,
    Json,
    invoice,
    item,
    line,
    price,
    subscription,
)
from tests.ledger.providers.stripe.payloads import event, time
from tests.ledger.stories import Ending, end_in_all_orders

TRIAL = {"trial_start": NOW, "trial_end": NOW + 14 * DAY}
SUB = "customer.subscription"


def trial(status: str = "trialing", **changes: Any) -> Json:
    return subscription(status=status, **{**TRIAL, **changes})


def only(ending: Ending) -> Subscription:
    return ending.get(Subscription, "sub_1")


TRYING = event(f"{SUB}.created", trial())
SOON_OVER = event(f"{SUB}.trial_will_end", trial(), 11)
PAUSED = (
    event(f"{SUB}.updated", trial("paused"), 14, before={"status": "trialing"}),
    event(f"{SUB}.paused", trial("paused"), 14),
)
RESUMED = (
    event(f"{SUB}.updated", trial("active"), 20, before={"status": "paused"}),
    event(f"{SUB}.resumed", trial("active"), 20),
)


def test_the_notice_of_a_trials_end_changes_nothing() -> None:
    with_notice, without = end_in_all_orders(TRYING, SOON_OVER), end_in_all_orders(TRYING)

    assert only(with_notice).access == only(without).access
    assert only(with_notice).standing is not None


def test_a_trial_without_a_card_is_paused_and_gives_nothing_more() -> None:
    ending = end_in_all_orders(TRYING, SOON_OVER, *PAUSED)

    plan = only(ending).plan
    assert plan is not None
    assert (plan.status, only(ending).access) == ("paused", None)


def test_what_is_paid_for_stops_with_the_pause_and_comes_back_with_its_end() -> None:
    begun = event(f"{SUB}.created", subscription())
    paid = event("invoice.paid", invoice())
    stop = event(f"{SUB}.paused", subscription(status="paused"), 10)
    stopped = event(
        f"{SUB}.updated", subscription(status="paused"), 10, before={"status": "active"}
    )
    back = event(f"{SUB}.resumed", subscription(), 20)

    paused = only(end_in_all_orders(begun, paid, stop, stopped)).access
    assert paused is not None
    assert (paused.ends_at, paused.ended_because) == (time(10), "paused")

    resumed = only(end_in_all_orders(begun, paid, stop, stopped, back)).access
    assert resumed is not None
    assert (resumed.ends_at, resumed.ended_because) == (time(37), None)


def test_a_resumed_subscription_gives_access_once_it_is_paid_for() -> None:
    later = {"start": NOW + 20 * DAY, "end": NOW + 20 * DAY + MONTH}
    moved = {"finalized_at": NOW + 20 * DAY, "paid_at": NOW + 20 * DAY}
    paid = invoice(lines={"data": [line(period=later)]}, status_transitions=moved)

    unpaid = end_in_all_orders(TRYING, *PAUSED, *RESUMED)
    assert only(unpaid).access is None

    access = only(end_in_all_orders(*PAUSED, *RESUMED, event("invoice.paid", paid, 20))).access
    assert access is not None
    assert (access.granted_at, access.paid_until) == (time(20), time(50))


def test_a_pending_update_counts_once_it_is_applied() -> None:
    begun = event(f"{SUB}.created", subscription())
    waiting = {"expires_at": NOW + DAY, "subscription_items": [item(price=price(lookup_key="max"))]}
    asked = event(
        f"{SUB}.updated", subscription(pending_update=waiting), 1, before={"pending_update": None}
    )
    bigger = subscription(items={"data": [item(price=price(lookup_key="max"))]})
    applied = event(f"{SUB}.pending_update_applied", bigger, 2)
    expired = event(f"{SUB}.pending_update_expired", subscription(), 2)

    def features(*told: Json) -> tuple[str, ...]:
        plan = only(end_in_all_orders(begun, asked, *told)).plan
        assert plan is not None
        return plan.features

    assert features() == ("plan:pro",)
    assert features(applied) == ("plan:max",)
    assert features(expired) == ("plan:pro",)


def test_an_update_and_its_application_within_one_second_are_one_change() -> None:
    bigger = subscription(items={"data": [item(price=price(lookup_key="max"))]})
    smaller = {"items": {"data": [item()]}}
    ending = end_in_all_orders(
        event(f"{SUB}.created", subscription()),
        event(f"{SUB}.updated", bigger, before=smaller),
        event(f"{SUB}.pending_update_applied", bigger),
    )

    standing = only(ending).standing
    assert standing is not None
    assert (standing.state.features, standing.ambiguous) == (("plan:max",), False)
