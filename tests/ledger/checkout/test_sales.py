"""What is sold for good: one open payment, and access only once its webhook is in."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from ledger.checkout.catalog import GroupTerms, LearningPathTerms, offer_group, offer_learning_path
from ledger.checkout.refusals import AlreadyBought, NotOffered, NotRegistered
from ledger.checkout.registration import Person
from ledger.checkout.sales import buy_group, buy_learning_path
from ledger.money import Money
from ledger.providers.outbound import OpenPayment
from ledger.providers.problems import CardDeclined, ProviderUnavailable
from tests.ledger.checkout.world import World
from tests.ledger.given import usd
from tests.support.fake_provider import declined

PATH = LearningPathTerms("7", "Rust", usd(2500))


@pytest.fixture
def world() -> World:
    made = World()
    made.registered()
    offer_learning_path(made.shop, PATH, made.on(0))
    offer_group(
        made.shop, GroupTerms("9", "Chess", "one_time", usd(900), None, "acct_9"), made.on(0)
    )
    offer_group(made.shop, GroupTerms("1", "Open", "free"), made.on(0))
    offer_group(made.shop, GroupTerms("2", "Club", "recurring", usd(5), "month"), made.on(0))
    return made


def buy(world: World, on: float = 1) -> OpenPayment:
    return buy_learning_path(world.shop, "ann", "7", world.on(on))


def test_a_learning_path_is_bought_by_a_payment_with_the_agreed_texts(world: World) -> None:
    opened = buy(world)

    (made,) = world.provider.all("payment_intent")
    assert (opened.id, opened.amount) == (made["id"], usd(2500))
    assert made["description"] == "LEAD - Premium Learning Path - Rust (ID 7)"
    assert made["metadata"] == {"platform": "LEAD", "learning_path_id": "7", "user_id": "ann"}
    assert made["customer"] == "cus_1"
    assert made["transfer_data"] is None


def test_a_group_is_bought_likewise_and_paid_out_to_its_account(world: World) -> None:
    opened = buy_group(world.shop, "ann", "9", world.on(1))

    (made,) = world.provider.all("payment_intent")
    assert opened is not None
    assert made["description"] == "LEAD - Premium Group - Chess (ID 9)"
    assert made["metadata"] == {"platform": "LEAD", "group_id": "9", "user_id": "ann"}
    assert made["transfer_data"] == {"account": "acct_9", "fee_minor": 0}


def test_only_the_webhook_unlocks_and_then_at_once(world: World) -> None:
    opened = buy(world)
    world.deliver()
    assert world.rows("entitlements") == []

    world.provider.pay(opened.id)
    assert world.rows("entitlements") == []
    world.deliver()

    (access,) = world.rows("entitlements")
    assert (access.customer_id, access.feature) == ("ann", "learning_path:7")
    (receipt,) = world.rows("paid_invoices")
    assert (receipt.invoice_id, receipt.amount_paid_minor) == (opened.id, 2500)


def test_a_group_registration_is_pending_until_it_is_paid(world: World) -> None:
    opened = buy_group(world.shop, "ann", "9", world.on(1))
    assert opened is not None
    world.deliver()
    (row,) = world.rows("group_registrations")
    assert (row.group_id, row.customer_id, row.paid_at) == ("9", "ann", None)

    world.provider.pay(opened.id)
    world.deliver()

    (row,) = world.rows("group_registrations")
    assert row.paid_at == world.on(1)
    assert (row.source_kind, row.source_id, row.ends_at) == ("purchase", opened.id, None)


def test_a_free_group_is_joined_at_once_and_once(world: World) -> None:
    for number in (1, 2):
        assert buy_group(world.shop, "ann", "1", world.on(number)) is None

    (access,) = world.rows("entitlements")
    assert (access.feature, access.source_kind, access.granted_at) == (
        "group:1",
        "grant",
        world.on(1),
    )
    (row,) = world.rows("group_registrations")
    assert (row.group_id, row.customer_id, row.paid_at) == ("1", "ann", None)


def test_buying_again_finds_the_open_payment(world: World) -> None:
    assert buy(world) == buy(world, 2)
    assert len(world.provider.all("payment_intent")) == 1


def test_what_was_paid_is_not_sold_again_until_it_was_taken_back(world: World) -> None:
    opened = buy(world)
    world.provider.pay(opened.id)

    with pytest.raises(AlreadyBought) as refused:
        buy(world)
    assert refused.value.payment_id == opened.id

    world.provider.refund(opened.id)
    world.deliver()
    again = buy(world, 3)
    assert again.id != opened.id
    assert again.state == "requires_payment_method"


def test_another_price_gives_the_open_payment_up_for_another(world: World) -> None:
    opened = buy(world)
    offer_learning_path(world.shop, msgspec.structs.replace(PATH, price=usd(3000)), world.on(2))

    dearer = buy(world, 2)

    assert dearer.amount == usd(3000)
    assert world.provider.get(opened.id)["status"] == "canceled"


def test_money_on_its_way_is_waited_for_whatever_the_price_is_now(world: World) -> None:
    opened = buy(world)
    world.provider.get(opened.id)["status"] = "processing"
    offer_learning_path(world.shop, msgspec.structs.replace(PATH, price=usd(3000)), world.on(2))

    assert buy(world, 2) == msgspec.structs.replace(opened, state="processing")


def test_a_payment_the_provider_canceled_is_followed_by_another(world: World) -> None:
    opened = buy(world)
    world.provider.change(opened.id, "payment_intent.canceled", status="canceled")

    assert buy(world, 2).id != opened.id


@pytest.mark.parametrize("fails", ["fail_before", "lose_answer"])
def test_a_crash_while_opening_is_healed_even_if_the_price_changed(
    world: World, fails: str
) -> None:
    getattr(world.provider, fails).append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        buy(world)
    offer_learning_path(world.shop, msgspec.structs.replace(PATH, price=usd(3000)), world.on(2))

    opened = buy(world, 2)

    waiting = [
        each for each in world.provider.all("payment_intent") if each["status"] != "canceled"
    ]
    assert [each["id"] for each in waiting] == [opened.id]
    assert opened.amount == usd(3000)


def test_a_refusal_for_good_leaves_nothing_open(world: World) -> None:
    world.provider.fail_before.append(declined())
    with pytest.raises(CardDeclined):
        buy(world)

    assert buy(world).state == "requires_payment_method"
    assert len(set(world.provider.asked_for("open_payment"))) == 2


def test_what_is_not_in_the_catalog_is_not_sold(world: World) -> None:
    offer_learning_path(world.shop, LearningPathTerms("8", "Free"), world.on(0))

    for key in ("8", "99"):
        with pytest.raises(NotOffered, match=key):
            buy_learning_path(world.shop, "ann", key, world.on(1))
    for key in ("2", "99"):
        with pytest.raises(NotOffered, match=key):
            buy_group(world.shop, "ann", key, world.on(1))


def test_nobody_buys_unregistered(world: World) -> None:
    with pytest.raises(NotRegistered, match="bob"):
        buy_learning_path(world.shop, "bob", "7", world.on(1))


def test_two_users_have_a_payment_each(world: World) -> None:
    world.registered(Person("bob"))

    payments = {buy_learning_path(world.shop, who, "7", world.on(1)).id for who in ("ann", "bob")}

    assert len(payments) == 2


def test_no_secret_and_no_card_is_kept(world: World) -> None:
    opened = buy(world)
    world.provider.pay(opened.id)
    world.deliver()

    stored = b"".join(state for all_ in world.ledger._stored.values() for _, state in all_)
    assert opened.client_secret.encode() not in stored
    assert b"secret" not in stored


def test_a_zero_decimal_currency_is_asked_for_as_it_is(world: World) -> None:
    yen = msgspec.structs.replace(PATH, price=Money(2500, "jpy"))
    offer_learning_path(world.shop, yen, world.on(1) + timedelta(hours=1))

    assert buy(world, 2).amount == Money(2500, "jpy")
