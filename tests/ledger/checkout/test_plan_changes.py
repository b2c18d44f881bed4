"""The one plan of a user: started with, changed on the same subscription, held one at a time."""

from __future__ import annotations

import pytest

from ledger.checkout.cards import add_card, use_new_card
from ledger.checkout.catalog import PlanTerms, offer_plan
from ledger.checkout.refusals import (
    AlreadySubscribed,
    CardNeeded,
    NotOffered,
    NotRegistered,
    NotSubscribed,
)
from ledger.checkout.registration import register
from ledger.checkout.subscriptions import cancel, change_plan, preview_change, subscribe
from ledger.providers.outbound import OpenSubscription, Preview, PreviewLine
from ledger.providers.problems import CardDeclined, ProviderUnavailable
from tests.ledger.checkout.world import ANN, World
from tests.ledger.given import usd
from tests.support.fake_provider import DECLINED

PLANS = (
    PlanTerms("starter", "Starter", usd(0), "month", starter=True),
    PlanTerms("premium", "Premium", usd(900), "month"),
    PlanTerms("pro", "Pro", usd(1900), "month"),
)


@pytest.fixture
def world() -> World:
    made = World()
    for terms in PLANS:
        offer_plan(made.shop, terms, made.on(0))
    made.registered()
    return made


def to(world: World, plan: str, on: float, card: str | None = None) -> OpenSubscription:
    return change_plan(world.shop, "ann", plan, None, card, world.on(on))


def periods(world: World) -> list[tuple[object, ...]]:
    world.deliver()
    return [(row.plan_id, row.held_from, row.held_until) for row in world.rows("plan_periods")]


def test_an_upgrade_changes_the_same_subscription_and_no_card(world: World) -> None:
    world.provider.save_card("cus_1")

    changed = to(world, "premium", 3)

    (made,) = world.provider.all("subscription")
    assert changed.id == made["id"]
    assert made["items"]["data"][0]["price"]["metadata"]["plan_id"] == "premium"
    assert world.provider.asked_for("use_card") == []
    assert periods(world) == [
        ("starter", world.on(0), world.on(3)),
        ("premium", world.on(3), None),
    ]
    assert [row.feature for row in world.rows("entitlements")] == ["plan:premium"]


def test_without_a_saved_card_a_card_is_needed_first(world: World) -> None:
    with pytest.raises(CardNeeded, match="ann"):
        to(world, "premium", 3)

    setup = add_card(world.shop, ANN, "click-1", world.on(3))
    world.outbound.finish_setup(setup.id)
    card = use_new_card(world.shop, "ann", setup.id, world.on(3))
    changed = to(world, "premium", 3, card.id)

    assert changed.status == "active"
    assert len(world.provider.all("subscription")) == 1


def test_a_downgrade_to_the_starter_needs_no_card(world: World) -> None:
    card = world.provider.save_card("cus_1")
    to(world, "premium", 3)
    del world.provider.objects[card]

    to(world, "starter", 9)

    assert periods(world) == [
        ("starter", world.on(0), world.on(3)),
        ("premium", world.on(3), world.on(9)),
        ("starter", world.on(9), None),
    ]


def test_double_clicking_upgrade_changes_once(world: World) -> None:
    world.provider.save_card("cus_1")

    first, second = to(world, "premium", 3), to(world, "premium", 3)

    assert first == second
    assert len(world.provider.asked_for("change_plan")) == 1


def test_going_back_and_forth_is_done_each_time(world: World) -> None:
    world.provider.save_card("cus_1")

    for on, plan in enumerate(("premium", "starter", "premium", "pro"), 1):
        to(world, plan, on)

    assert [each[0] for each in periods(world)] == [
        "starter",
        "premium",
        "starter",
        "premium",
        "pro",
    ]


@pytest.mark.parametrize("fails", ["fail_before", "lose_answer"])
def test_a_crash_while_changing_is_healed_by_the_next_try(world: World, fails: str) -> None:
    world.provider.save_card("cus_1")
    getattr(world.provider, fails).append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        to(world, "premium", 3)

    to(world, "premium", 4)
    to(world, "starter", 5)
    to(world, "premium", 6)

    assert [each[0] for each in periods(world)][-1] == "premium"
    assert len(world.provider.all("subscription")) == 1


def test_a_crash_does_not_hold_another_choice_up(world: World) -> None:
    world.provider.save_card("cus_1")
    world.provider.lose_answer.append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        to(world, "premium", 3)

    to(world, "pro", 4)

    assert [each[0] for each in periods(world)] == ["starter", "premium", "pro"]


def test_a_declined_card_leaves_the_plan_as_it_was(world: World) -> None:
    world.provider.save_card("cus_1", DECLINED)
    with pytest.raises(CardDeclined):
        to(world, "premium", 3, DECLINED)
    assert [each[0] for each in periods(world)] == ["starter"]

    to(world, "premium", 4, world.provider.save_card("cus_1"))
    assert [each[0] for each in periods(world)] == ["starter", "premium"]


def test_the_quantity_stays_unless_another_is_asked_for(world: World) -> None:
    world.provider.save_card("cus_1")

    assert change_plan(world.shop, "ann", "premium", 4, None, world.on(1)).quantity == 4
    assert change_plan(world.shop, "ann", "pro", None, None, world.on(2)).quantity == 4
    assert change_plan(world.shop, "ann", "pro", 2, None, world.on(3)).quantity == 2


def test_who_cancelled_is_to_end_all_the_same_when_no_plan_could_be_chosen(world: World) -> None:
    world.provider.save_card("cus_1")
    held = to(world, "premium", 1)
    cancel(world.shop, "ann", held.id, True, world.on(2))

    with pytest.raises(CardDeclined):
        change_plan(
            world.shop, "ann", "pro", None, world.provider.save_card("cus_1", DECLINED), world.on(3)
        )
    assert world.outbound.subscription(held.id).cancel_at is not None
    assert to(world, "pro", 4).cancel_at is None


def test_a_plan_that_ended_is_followed_by_a_new_subscription(world: World) -> None:
    world.provider.save_card("cus_1")
    (first,) = world.provider.all("subscription")
    cancel(world.shop, "ann", first["id"], False, world.on(2))

    second = to(world, "premium", 5)

    assert second.id != first["id"]
    assert second.status == "active"
    assert periods(world) == [
        ("starter", world.on(0), world.on(2)),
        ("premium", world.on(5), None),
    ]
    assert register(world.shop, ANN, world.on(6)).starter_subscription_id == second.id


def test_who_ended_their_plan_does_not_get_it_back_by_registering(world: World) -> None:
    (first,) = world.provider.all("subscription")
    cancel(world.shop, "ann", first["id"], False, world.on(2))

    assert register(world.shop, ANN, world.on(3)).starter_subscription_id is None


def test_a_plan_beside_ones_own_is_not_changed_to(world: World) -> None:
    card = world.provider.save_card("cus_1")
    beside = subscribe(world.shop, "ann", "premium", 1, card, world.on(1))

    with pytest.raises(AlreadySubscribed) as refused:
        to(world, "premium", 2)
    assert refused.value.subscription_id == beside.id


def test_subscribing_to_the_plan_one_changed_to_finds_it(world: World) -> None:
    card = world.provider.save_card("cus_1")
    changed = to(world, "premium", 1)

    assert subscribe(world.shop, "ann", "premium", 1, card, world.on(2)) == changed
    with pytest.raises(AlreadySubscribed, match=changed.id):
        subscribe(world.shop, "ann", "premium", 3, card, world.on(2))
    beside = subscribe(world.shop, "ann", "starter", 1, None, world.on(3))
    assert beside.id != changed.id


def test_a_product_is_never_ones_plan(world: World) -> None:
    card = world.provider.save_card("cus_1")
    box = PlanTerms("box", "Monthly box", usd(1200), "month", beside=True)
    offer_plan(world.shop, box, world.on(0))

    with pytest.raises(NotOffered, match="box"):
        to(world, "box", 1)
    with pytest.raises(NotOffered, match="box"):
        preview_change(world.shop, "ann", "box", None)
    beside = subscribe(world.shop, "ann", "box", 2, card, world.on(1))

    assert "slot" not in world.provider.get(beside.id)["metadata"]
    assert [each[0] for each in periods(world)] == ["starter"]


def test_a_product_is_not_the_plan_of_who_has_none_either() -> None:
    world = World()
    offer_plan(world.shop, PlanTerms("box", "Box", usd(1200), "month", beside=True), world.on(0))
    offer_plan(world.shop, PLANS[1], world.on(0))
    card = world.provider.save_card(world.registered())

    box = subscribe(world.shop, "ann", "box", 1, card, world.on(1))
    chosen = to(world, "premium", 2, card)

    assert box.id != chosen.id
    assert [each[0] for each in periods(world)] == ["premium"]


def test_an_unpaid_plan_gives_way_to_the_one_chosen_next() -> None:
    world = World()
    for terms in PLANS[1:]:
        offer_plan(world.shop, terms, world.on(0))
    world.registered()
    unpaid = subscribe(world.shop, "ann", "premium", 1, None, world.on(1))
    world.provider.save_card("cus_1")
    assert to(world, "premium", 1) == unpaid

    chosen = to(world, "pro", 2)

    assert chosen.id != unpaid.id
    assert periods(world) == [("pro", world.on(2), None)]


def test_a_preview_says_what_the_change_would_cost(world: World) -> None:
    preview = preview_change(world.shop, "ann", "premium", 2)

    assert preview == Preview("usd", 1800, [PreviewLine("the new plan", 1800)])
    assert world.provider.asked_for("change_plan") == []


def test_back_on_the_starter_there_is_one_and_not_many_to_pay_for_later(world: World) -> None:
    world.provider.save_card("cus_1")
    change_plan(world.shop, "ann", "premium", 3, None, world.on(1))

    assert to(world, "pro", 2).quantity == 3
    assert to(world, "starter", 3).quantity == 1
    assert preview_change(world.shop, "ann", "premium", None).due_minor == 900
    assert to(world, "premium", 4).quantity == 1


def test_without_a_plan_there_is_nothing_to_preview() -> None:
    world = World()
    offer_plan(world.shop, PLANS[1], world.on(0))
    world.registered()

    with pytest.raises(NotSubscribed):
        preview_change(world.shop, "ann", "premium", None)
    with pytest.raises(NotRegistered, match="bob"):
        preview_change(world.shop, "bob", "premium", None)


def test_what_is_not_offered_and_who_is_not_registered_is_refused(world: World) -> None:
    with pytest.raises(NotOffered, match="gold"):
        to(world, "gold", 1)
    with pytest.raises(NotRegistered, match="bob"):
        change_plan(world.shop, "bob", "starter", None, None, world.on(1))
