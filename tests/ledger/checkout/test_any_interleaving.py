"""Commands race their own webhooks: wherever these come in between, the tables end alike."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.checkout.account_payments import (
    NewCharge,
    add_charge,
    get_or_create_payment,
    waive_charge,
)
from ledger.checkout.catalog import (
    GroupTerms,
    LearningPathTerms,
    PlanTerms,
    offer_group,
    offer_learning_path,
    offer_plan,
)
from ledger.checkout.registration import register
from ledger.checkout.sales import buy_group, buy_learning_path
from ledger.checkout.subscriptions import cancel, change_plan, subscribe_group
from ledger.providers.problems import ProviderUnavailable
from tests.ledger.checkout.world import ANN, World
from tests.ledger.given import day, usd

Deliver = Callable[[], None]


def story(world: World, meanwhile: Deliver) -> None:
    """A life with everything that is sold; `meanwhile` stands where webhooks may come."""
    shop, provider = world.shop, world.provider
    offer_plan(shop, PlanTerms("starter", "Starter", usd(0), "month", starter=True), world.on(0))
    offer_plan(shop, PlanTerms("premium", "Premium", usd(900), "month"), world.on(0))
    offer_learning_path(shop, LearningPathTerms("7", "Rust", usd(2500)), world.on(0))
    offer_group(shop, GroupTerms("9", "Chess", "recurring", usd(500), "month"), world.on(0))
    offer_group(shop, GroupTerms("2", "Go", "one_time", usd(700)), world.on(0))
    registered = register(shop, ANN, world.on(0))
    provider.save_card(registered.provider_customer_id)
    meanwhile()
    change_plan(shop, "ann", "premium", None, None, world.on(1))
    path = buy_learning_path(shop, "ann", "7", world.on(1))
    meanwhile()
    provider.pay(path.id)
    group = subscribe_group(shop, "ann", "9", "cart_1", 1, None, world.on(1))
    provider.pay_bill(group.id)
    meanwhile()
    go = buy_group(shop, "ann", "2", world.on(2))
    assert go is not None
    provider.pay(go.id)
    provider.refund(go.id)
    _account(world, meanwhile)
    change_plan(shop, "ann", "starter", None, None, world.on(6))
    cancel(shop, "ann", group.id, True, world.on(7))
    meanwhile()
    cancel(shop, "ann", group.id, False, world.on(8))


def _account(world: World, meanwhile: Deliver) -> None:
    """Charges paid late, waived and added while payments are open."""
    shop, provider = world.shop, world.provider
    for name, due in (("may", 1), ("june", 4), ("july", 9)):
        add_charge(shop, NewCharge(name, "ann", usd(1000), "Rent", day(due)), world.on(2))
    stale = get_or_create_payment(shop, ANN, True, world.on(3))
    waive_charge(shop, "ann", "july", world.on(3))
    paid = get_or_create_payment(shop, ANN, False, world.on(3))
    meanwhile()
    provider.pay(paid.payment.id)
    meanwhile()
    provider.pay(stale.payment.id)
    add_charge(shop, NewCharge("august", "ann", usd(500), "Rent", day(5)), world.on(4))
    meanwhile()


def told_at_the_end() -> World:
    world = World()
    story(world, lambda: None)
    world.deliver()
    return world


EXPECTED = told_at_the_end()


@settings(max_examples=60)
@given(st.data())
def test_webhooks_may_come_anywhere_in_any_order_and_twice(data: st.DataObject) -> None:
    world = World()
    waiting: list[int] = []
    seen = 0

    def meanwhile() -> None:
        nonlocal seen
        waiting.extend(range(seen, len(world.provider.events)))
        seen = len(world.provider.events)
        for number in data.draw(st.permutations(waiting)):
            if data.draw(st.booleans()):
                waiting.remove(number)
                world.deliver(world.provider.events[number])

    world.provider.on_answer = meanwhile
    story(world, meanwhile)
    world.provider.on_answer = lambda: None
    rest = [*waiting, *range(seen, len(world.provider.events))]
    again = data.draw(st.lists(st.sampled_from(range(len(world.provider.events))), max_size=5))
    for number in data.draw(st.permutations([*rest, *again])):
        world.deliver(world.provider.events[number])

    assert world.ledger.fingerprint == EXPECTED.ledger.fingerprint


@settings(max_examples=60)
@given(st.data())
def test_a_crash_anywhere_and_the_same_command_again_end_as_if_nothing_had_been(
    data: st.DataObject,
) -> None:
    world = World()
    problem = ProviderUnavailable("Fake", "no answer")
    world.registered()
    world.deliver()
    add_charge(world.shop, NewCharge("may", "ann", usd(1000), "Rent", day(1)), world.on(1))
    offer_learning_path(world.shop, LearningPathTerms("7", "Rust", usd(2500)), world.on(0))
    commands: list[Callable[[float], object]] = [
        lambda on: buy_learning_path(world.shop, "ann", "7", world.on(on)),
        lambda on: get_or_create_payment(world.shop, ANN, False, world.on(on)),
    ]

    for command in data.draw(st.permutations(commands)):
        for on in range(data.draw(st.integers(0, 3))):
            failing = data.draw(st.sampled_from(["fail_before", "lose_answer"]))
            getattr(world.provider, failing).append(problem)
            with suppress(ProviderUnavailable):
                command(2 + on)
            if data.draw(st.booleans()):
                world.deliver()
        world.provider.fail_before.clear()
        world.provider.lose_answer.clear()
        command(9)

    assert len(world.provider.all("payment_intent")) == 2
    assert len({*world.provider.asked_for("open_payment")}) == 2


def test_the_story_ends_as_it_should() -> None:
    assert {row.charge_id: row.status for row in EXPECTED.rows("account_charges")} == {
        "may": "paid",
        "june": "paid",
        "july": "waived",
        "august": "open",
    }
    assert [row.status for row in EXPECTED.rows("account_payments")] == ["mismatched", "paid"]
    assert [row.plan_id for row in EXPECTED.rows("plan_periods")] == [
        "starter",
        "premium",
        "starter",
    ]
    assert {row.feature for row in EXPECTED.rows("entitlements")} == {
        *("group:2", "group:9", "learning_path:7", "plan:starter"),
    }
