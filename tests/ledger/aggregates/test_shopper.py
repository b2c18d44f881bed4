"""A shopper has one open order for each thing, whose request and key a crash does not change."""

from __future__ import annotations

from ledger.aggregates.shopper import Shopper
from ledger.aggregates.shopper_events import (
    Closed,
    Moved,
    Opened,
    Registered,
    SetupAsked,
    SubscriptionAsked,
)
from ledger.providers.outbound import NewSubscription
from tests.ledger.given import SCOPE, day, given, why

PLAN = NewSubscription("cus_1", "price_1", 1, {"slot": "plan"})
ASKED = SubscriptionAsked(order_id="1", subject="plan:pro", key="k", new=PLAN, slot=True)


def test_what_is_asked_for_is_kept_whole_under_a_key_of_its_own() -> None:
    given(Shopper, "ann").when(lambda it: it.ask(SetupAsked, "card:k", "cus_1", why())).then(
        SetupAsked(
            order_id="1",
            subject="card:k",
            key="shopper/stripe/test//ann#1@20260901T120005000000",
            new="cus_1",
        )
    )


def test_a_long_name_still_makes_a_key_the_provider_takes() -> None:
    name = "é" * 100
    asked = given(Shopper, name).aggregate.ask(SetupAsked, "card:k", "cus_1", why())

    assert len(asked.key) <= 255
    assert asked.key.isascii()
    assert name not in SCOPE.stream("shopper", name)


def test_keys_of_two_orders_and_of_two_times_differ() -> None:
    keys = set()
    for on in (0, 1):
        shopper = given(Shopper, "ann").aggregate
        for number in (1, 2):
            keys.add(shopper.ask(SetupAsked, f"card:{number}", "cus_1", why(day(on))).key)

    assert len(keys) == 4


def test_an_order_is_found_by_what_it_is_about_and_what_came_of_it() -> None:
    shopper = given(Shopper, "ann", ASKED, Opened(order_id="1", provider_id="sub_1")).aggregate

    found = shopper.order("plan:pro")
    assert found is not None
    assert found == shopper.plan == shopper.order_of("sub_1")
    assert (found.new, found.provider_id) == (PLAN, "sub_1")
    assert shopper.order("plan:other") is None


def test_a_subscription_that_changed_is_about_another_plan() -> None:
    history = (ASKED, Opened(order_id="1", provider_id="sub_1"))
    plan = given(Shopper, "ann", *history).aggregate.plan
    assert plan is not None

    given(Shopper, "ann", *history).when(lambda it: it.move(plan, "plan:max", why())).when(
        lambda it: it.move(plan, "plan:max", why())
    ).then(Moved(order_id="1", subject="plan:max"))


def test_what_is_closed_is_open_no_longer_and_stays_known() -> None:
    history = (ASKED, Opened(order_id="1", provider_id="sub_1"), Closed(order_id="1", why="over"))
    shopper = given(Shopper, "ann", *history).aggregate

    assert shopper.plan is None
    assert shopper.had_plan
    assert shopper.provider_ids == {"sub_1"}


def test_registering_and_opening_again_say_nothing_new() -> None:
    given(Shopper, "ann", Registered(provider_customer_id="cus_1")).when(
        lambda it: it.register("cus_1", why())
    ).then()
    opened = given(Shopper, "ann", ASKED, Opened(order_id="1", provider_id="sub_1"))
    order = opened.aggregate.plan
    assert order is not None
    opened.when(lambda it: it.opened(order, "sub_1", why())).then()
