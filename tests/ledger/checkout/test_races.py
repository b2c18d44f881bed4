"""On a real Postgres: commands at once, and beside their own webhooks, do one thing once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from ledger.checkout.account_payments import NewCharge, add_charge, get_or_create_payment
from ledger.checkout.cards import add_card
from ledger.checkout.catalog import (
    GroupTerms,
    offer_group,
)
from ledger.checkout.credits import buy_credits
from ledger.checkout.registration import register
from ledger.checkout.sales import buy_learning_path
from ledger.checkout.subscriptions import change_plan, subscribe, subscribe_group
from tests.ledger.checkout.town import THREADS, Town
from tests.ledger.checkout.world import ANN
from tests.ledger.given import day, usd
from tests.projections.ledger import finance, project


def at_once(command: Callable[[], Any]) -> list[Any]:
    """What several threads get that start this together."""
    barrier = Barrier(THREADS)

    def run(_: int) -> Any:
        barrier.wait()
        return command()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(run, range(THREADS)))


def test_registering_at_once_makes_one_customer_and_one_plan(town: Town) -> None:
    answers = at_once(lambda: register(town.shop, ANN, day(0)))

    assert len(set(map(str, answers))) == 1
    assert len(town.provider.all("customer")) == 1
    assert len(town.provider.all("subscription")) == 1
    assert (town.asks("create_customer"), town.asks("subscribe")) == (1, 1)


def test_buying_at_once_opens_one_payment(town: Town) -> None:
    register(town.shop, ANN, day(0))

    payments = at_once(lambda: buy_learning_path(town.shop, "ann", "7", day(1)))

    assert len({each.id for each in payments}) == 1
    assert len(town.provider.all("payment_intent")) == 1


def test_clicking_upgrade_twice_changes_one_subscription_once(town: Town) -> None:
    town.provider.save_card(register(town.shop, ANN, day(0)).provider_customer_id)

    at_once(lambda: change_plan(town.shop, "ann", "premium", None, None, day(1)))

    assert len(town.provider.all("subscription")) == 1
    assert town.asks("change_plan") == 1


def test_subscribing_at_once_makes_one_subscription(town: Town) -> None:
    customer = register(town.shop, ANN, day(0)).provider_customer_id
    card = town.provider.save_card(customer)

    plans = at_once(lambda: subscribe(town.shop, "ann", "premium", 1, card, day(1)))
    groups = at_once(lambda: subscribe_group(town.shop, "ann", "9", "cart", 1, card, day(1)))

    assert len({each.id for each in plans}) == len({each.id for each in groups}) == 1
    assert len(town.provider.all("subscription")) == 3  # with the starter


def test_asking_to_pay_charges_at_once_opens_one_payment(town: Town) -> None:
    add_charge(town.shop, NewCharge("may", "ann", usd(1000), "Rent", day(1)), day(0))

    found = at_once(lambda: get_or_create_payment(town.shop, ANN, False, day(2)))

    assert len({each.payment.client_secret for each in found}) == 1
    assert {each.payment.amount for each in found} == {usd(1000)}
    assert len(town.provider.all("payment_intent")) == 1
    assert len(town.provider.all("customer")) == 1


def test_adding_charges_and_paying_at_once_ends_with_one_open_payment_for_all(town: Town) -> None:
    def add(number: int) -> None:
        new = NewCharge(f"c{number}", "ann", usd(100), "Rent", day(1))
        add_charge(town.shop, new, day(0))
        get_or_create_payment(town.shop, ANN, False, day(2))

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(add, range(8)))
    found = get_or_create_payment(town.shop, ANN, False, day(3))

    waiting = [each for each in town.provider.all("payment_intent") if each["status"] != "canceled"]
    assert [each["id"] for each in waiting] == [found.payment.id]
    assert found.payment.amount == usd(800)


def test_a_click_at_once_saves_one_card_and_visits_one_page(town: Town) -> None:
    setups = at_once(lambda: add_card(town.shop, ANN, "click", day(0)))
    visits = at_once(
        lambda: buy_credits(town.shop, ANN, "price_50", 1, "https://a/", False, "k", day(0))
    )

    assert len({each.id for each in setups}) == len({each.id for each in visits}) == 1


def test_offering_at_once_makes_one_product_and_one_price(town: Town) -> None:
    club = GroupTerms("2", "Club", "recurring", usd(500), "month")
    before = len(town.provider.all("product"))

    offered = at_once(lambda: offer_group(town.shop, club, day(0)))

    assert len(set(map(str, offered))) == 1
    assert len(town.provider.all("product")) == before + 1


def test_commands_beside_the_bookkeeper_lose_nothing(town: Town) -> None:
    """Webhooks come while commands on the same account are at work."""
    for number in range(6):
        new = NewCharge(f"c{number}", "ann", usd(100), "Rent", day(number))
        add_charge(town.shop, new, day(0))

    def pay(number: int) -> None:
        found = get_or_create_payment(town.shop, ANN, True, day(number + 1))
        if found.payment.state != "succeeded":
            town.provider.pay(found.payment.id)

    with ThreadPoolExecutor(1) as pool:
        for number in range(6):
            pay(number)
            delivering = pool.submit(town.deliver)
            add_charge(town.shop, NewCharge(f"d{number}", "ann", usd(50), "Rent", day(50)), day(0))
            delivering.result()
    project(town.url)

    with finance(town.url) as connection:
        ask = connection.execute
        assert ask(
            "SELECT status, count(*), sum(amount_minor)::bigint FROM finance.account_charges"
            " GROUP BY 1 ORDER BY 1"
        ).fetchall() == [("open", 6, 300), ("paid", 6, 600)]
        assert ask(
            "SELECT status, sum(amount_minor)::bigint FROM finance.account_payments GROUP BY 1"
        ).fetchall() == [("paid", 600)]
