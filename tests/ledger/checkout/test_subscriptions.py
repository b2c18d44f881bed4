"""Subscriptions: one for each plan, tracked and unlocked by its paid bill, changed and ended."""

from __future__ import annotations

import msgspec
import pytest

from ledger.checkout.catalog import GroupTerms, PlanTerms, offer_group, offer_plan
from ledger.checkout.refusals import (
    AlreadySubscribed,
    InvalidQuantity,
    NotOffered,
    NotSubscribed,
    NotYours,
)
from ledger.checkout.registration import Person
from ledger.checkout.subscriptions import cancel, resume, subscribe, subscribe_group
from ledger.providers.outbound import OpenSubscription
from ledger.providers.problems import CardDeclined, ProviderUnavailable
from tests.ledger.checkout.world import World
from tests.ledger.given import usd
from tests.support.fake_provider import DECLINED

TEA = PlanTerms("tea", "Tea", usd(700), "month")
COFFEE = PlanTerms("coffee", "Coffee", usd(900), "month", ("export",))


@pytest.fixture
def world() -> World:
    made = World()
    made.registered()
    for terms in (TEA, COFFEE):
        offer_plan(made.shop, terms, made.on(0))
    offer_group(made.shop, GroupTerms("9", "Chess", "recurring", usd(500), "month"), made.on(0))
    offer_group(made.shop, GroupTerms("1", "Open", "free"), made.on(0))
    return made


def tea(
    world: World, quantity: int = 2, card: str | None = None, on: float = 1
) -> OpenSubscription:
    return subscribe(world.shop, "ann", "tea", quantity, card, world.on(on))


def chess(world: World, cart: str = "cart_1", on: float = 1) -> OpenSubscription:
    return subscribe_group(world.shop, "ann", "9", cart, 1, None, world.on(on))


def test_a_plan_is_subscribed_to_with_price_quantity_customer_and_card(world: World) -> None:
    card = world.provider.save_card("cus_1")

    opened = tea(world, 3, card)
    world.deliver()

    (made,) = world.provider.all("subscription")
    (item,) = made["items"]["data"]
    assert (opened.id, opened.status, opened.quantity) == (made["id"], "active", 3)
    assert (item["price"]["_amount"], item["quantity"], made["customer"]) == (700, 3, "cus_1")
    (row,) = world.rows("subscriptions")
    assert (row.customer_id, row.features, row.quantity) == ("ann", ("plan:tea",), 3)


def test_without_a_card_the_first_bill_is_paid_in_the_page_and_unlocks(world: World) -> None:
    opened = tea(world)
    world.deliver()
    assert opened.status == "incomplete"
    assert opened.client_secret
    assert world.rows("entitlements") == []

    world.provider.pay_bill(opened.id)
    world.deliver()

    (access,) = world.rows("entitlements")
    assert (access.feature, access.source_id) == ("plan:tea", opened.id)


def test_a_plan_gives_all_its_features(world: World) -> None:
    card = world.provider.save_card("cus_1")
    subscribe(world.shop, "ann", "coffee", 1, card, world.on(1))
    world.deliver()

    assert [row.feature for row in world.rows("entitlements")] == ["export", "plan:coffee"]


def test_subscribing_again_finds_the_same_subscription(world: World) -> None:
    assert tea(world) == tea(world, on=2)

    world.provider.pay_bill(tea(world).id)
    assert tea(world, on=3).status == "active"
    with pytest.raises(AlreadySubscribed) as refused:
        tea(world, quantity=5)
    assert refused.value.subscription_id == tea(world).id
    assert len(world.provider.all("subscription")) == 1


def test_an_unpaid_subscription_of_another_quantity_gives_way(world: World) -> None:
    first = tea(world)

    second = tea(world, quantity=5)

    assert (second.quantity, second.status) == (5, "incomplete")
    assert world.provider.get(first.id)["status"] == "canceled"


def test_what_is_over_can_be_subscribed_to_again(world: World) -> None:
    first = tea(world, card=world.provider.save_card("cus_1"))
    world.provider.end(first.id)

    assert tea(world, on=2).id != first.id


def test_several_plans_stand_beside_each_other(world: World) -> None:
    card = world.provider.save_card("cus_1")
    subscribe(world.shop, "ann", "coffee", 1, card, world.on(1))
    tea(world, 2, card)
    world.deliver()

    assert {row.feature for row in world.rows("entitlements")} == {
        "plan:coffee",
        "export",
        "plan:tea",
    }
    (held,) = world.rows("plan_periods")
    assert held.plan_id == "coffee"


@pytest.mark.parametrize("fails", ["fail_before", "lose_answer"])
def test_a_crash_while_subscribing_is_healed_by_the_next_try(world: World, fails: str) -> None:
    card = world.provider.save_card("cus_1")
    getattr(world.provider, fails).append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        tea(world, 2, card)

    opened = tea(world, 2, card, on=2)

    assert [each["id"] for each in world.provider.all("subscription")] == [opened.id]


def test_a_declined_card_leaves_nothing_and_another_may_be_tried(world: World) -> None:
    world.provider.save_card("cus_1", DECLINED)
    with pytest.raises(CardDeclined):
        tea(world, 2, DECLINED)

    assert world.provider.all("subscription") == []
    assert tea(world, 2, world.provider.save_card("cus_1")).status == "active"


def test_a_card_of_somebody_else_is_refused(world: World) -> None:
    card = world.provider.save_card(world.registered(Person("bob")))

    with pytest.raises(NotYours, match=card):
        tea(world, 1, card)


def test_a_group_is_subscribed_to_for_a_cart(world: World) -> None:
    opened = chess(world)
    world.deliver()

    (made,) = world.provider.all("subscription")
    assert made["metadata"] == {
        "user_id": "ann",
        "platform": "LEAD",
        "group_id": "9",
        "cart_id": "cart_1",
    }
    (row,) = world.rows("group_registrations")
    assert (row.group_id, row.cart_id, row.customer_id, row.paid_at) == ("9", "cart_1", "ann", None)
    assert world.rows("plan_periods") == []

    world.provider.pay_bill(opened.id)
    world.deliver()
    (row,) = world.rows("group_registrations")
    assert (row.cart_id, row.paid_at, row.source_id) == ("cart_1", world.on(1), opened.id)


def test_a_group_is_joined_by_one_cart_at_a_time(world: World) -> None:
    first = chess(world)
    assert chess(world).id == first.id

    second = chess(world, "cart_2")
    assert world.provider.get(first.id)["status"] == "canceled"
    world.provider.pay_bill(second.id)
    with pytest.raises(AlreadySubscribed):
        chess(world, "cart_3")


def test_cancelling_at_the_end_keeps_access_and_can_be_taken_back(world: World) -> None:
    opened = tea(world, card=world.provider.save_card("cus_1"))

    ending = cancel(world.shop, "ann", opened.id, True, world.on(2))
    assert ending.status == "active"
    assert ending.cancel_at == ending.ends_period_at
    assert cancel(world.shop, "ann", opened.id, True, world.on(2)) == ending
    assert resume(world.shop, "ann", opened.id, world.on(3)).cancel_at is None
    assert resume(world.shop, "ann", opened.id, world.on(3)).cancel_at is None
    assert cancel(world.shop, "ann", opened.id, True, world.on(4)).cancel_at is not None

    assert len(set(world.provider.asked_for("cancel"))) == 2
    world.deliver()
    (access,) = world.rows("entitlements")
    assert (access.ends_at, access.ended_because) == (ending.ends_period_at, "canceled")


def test_cancelling_now_ends_it_for_good(world: World) -> None:
    opened = tea(world, card=world.provider.save_card("cus_1"))

    for _ in range(2):
        assert cancel(world.shop, "ann", opened.id, False, world.on(2)).status == "canceled"
    with pytest.raises(NotSubscribed):
        resume(world.shop, "ann", opened.id, world.on(3))
    assert tea(world, on=4).id != opened.id


def test_a_crash_while_cancelling_does_not_keep_a_later_one_from_being_done(world: World) -> None:
    opened = tea(world, card=world.provider.save_card("cus_1"))
    world.provider.lose_answer.append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        cancel(world.shop, "ann", opened.id, True, world.on(2))

    for on in (3, 4):
        assert cancel(world.shop, "ann", opened.id, True, world.on(on)).cancel_at is not None
        assert resume(world.shop, "ann", opened.id, world.on(on)).cancel_at is None


def test_what_was_healed_is_done_again_after_somebody_undid_it_elsewhere(world: World) -> None:
    opened = tea(world, card=world.provider.save_card("cus_1"))
    world.provider.lose_answer.append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        cancel(world.shop, "ann", opened.id, True, world.on(2))
    cancel(world.shop, "ann", opened.id, True, world.on(3))
    world.provider.get(opened.id)["cancel_at_period_end"] = False

    assert cancel(world.shop, "ann", opened.id, True, world.on(4)).cancel_at is not None


def test_a_subscription_of_somebody_else_is_not_touched(world: World) -> None:
    opened = tea(world, card=world.provider.save_card("cus_1"))
    world.deliver()

    for who in ("bob", "eve"):
        with pytest.raises(NotYours, match=opened.id):
            cancel(world.shop, who, opened.id, False, world.on(2))
        with pytest.raises(NotYours):
            resume(world.shop, who, opened.id, world.on(2))


def test_a_subscription_made_elsewhere_is_cancelled_by_its_owner(world: World) -> None:
    opened = tea(world, card=world.provider.save_card("cus_1"))
    world.deliver()
    other = World()  # a ledger that has only seen the webhooks
    other.provider.objects, other.provider.at = world.provider.objects, world.provider.at
    other.deliver(*world.provider.events)

    assert cancel(other.shop, "ann", opened.id, False, other.on(2)).status == "canceled"


@pytest.mark.parametrize("quantity", [0, -1, True, 1_000_001])
def test_a_quantity_that_is_none_is_refused(world: World, quantity: int) -> None:
    with pytest.raises(InvalidQuantity):
        tea(world, quantity)


def test_what_is_not_offered_is_not_subscribed_to(world: World) -> None:
    with pytest.raises(NotOffered, match="milk"):
        subscribe(world.shop, "ann", "milk", 1, None, world.on(1))
    with pytest.raises(NotOffered):
        subscribe_group(world.shop, "ann", "1", "cart", 1, None, world.on(1))


def test_a_dearer_plan_costs_new_subscribers_only(world: World) -> None:
    first = tea(world, card=world.provider.save_card("cus_1"))
    offer_plan(world.shop, msgspec.structs.replace(TEA, price=usd(800)), world.on(2))
    bob = world.registered(Person("bob"))
    card = world.provider.save_card(bob)

    second = subscribe(world.shop, "bob", "tea", 1, card, world.on(3))

    assert second.price_id != first.price_id
    assert world.outbound.subscription(first.id).price_id == first.price_id
