"""On a real Postgres: commands at once, and beside their own webhooks, do one thing once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from threading import Barrier
from typing import Any

import pytest

from ledger.application import Inbox, Ledger
from ledger.bookkeeper import Bookkeeper, stored_streams
from ledger.checkout.account_payments import NewCharge, add_charge, get_or_create_payment
from ledger.checkout.cards import add_card
from ledger.checkout.catalog import (
    GroupTerms,
    LearningPathTerms,
    PlanTerms,
    offer_group,
    offer_learning_path,
    offer_plan,
)
from ledger.checkout.credits import buy_credits
from ledger.checkout.grants import HandGrant, grant_access
from ledger.checkout.registration import register
from ledger.checkout.sales import buy_group, buy_learning_path
from ledger.checkout.shop import Shop
from ledger.checkout.subscriptions import change_plan, subscribe, subscribe_group
from ledger.store.log import LogReader
from projections.engine import fold_until
from projections.registry import PROJECTIONS
from projections.schema import migrate
from tests.ledger.checkout.world import ANN, BRAND, RULES
from tests.ledger.given import SCOPE, day, usd
from tests.ledger.providers.stripe.payloads import delivery
from tests.projections.ledger import NAMES, finance, project, reading, stored
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider

THREADS = 4

PLANS = (
    PlanTerms("starter", "Starter", usd(0), "month", starter=True),
    PlanTerms("premium", "Premium", usd(900), "month"),
)


class Town:
    """A shop over a real ledger, its provider, and a bookkeeper for the provider's webhooks."""

    def __init__(self, url: str, ledger: Ledger, history: LogReader, inbox: Inbox) -> None:
        self.url = url
        self.provider = FakeProvider()
        outbound = FakeOutbound(self.provider)
        self.shop = Shop(ledger, stored_streams(history), outbound, BRAND, RULES.policy, SCOPE)
        self._inbox = inbox
        self._ledger = ledger
        self._delivered = 0

    def deliver(self) -> None:
        """All webhooks that have not come yet come, and are worked off."""
        new = self.provider.events[self._delivered :]
        self._delivered += len(new)
        for each in new:
            self._inbox.receive(delivery(each))
        with (
            closing(LogReader(self.url, NAMES.inbox)) as inbox,
            closing(LogReader(self.url, NAMES.ledger)) as history,
        ):
            keeper = Bookkeeper(inbox, history, self._ledger, RULES, lambda: day(90))
            keeper.run_until_idle()

    def asks(self, name: str) -> int:
        return len({*self.provider.asked_for(name)})


@pytest.fixture
def town(database_url: str, inbox: Inbox) -> Iterator[Town]:
    migrate(database_url)
    with (
        Ledger(database_url, NAMES, pool_size=THREADS) as ledger,
        closing(LogReader(database_url, NAMES.ledger)) as history,
    ):
        made = Town(database_url, ledger, history, inbox)
        for terms in PLANS:
            offer_plan(made.shop, terms, day(0))
        offer_learning_path(made.shop, LearningPathTerms("7", "Rust", usd(2500)), day(0))
        offer_group(made.shop, GroupTerms("9", "Chess", "recurring", usd(500), "month"), day(0))
        offer_group(made.shop, GroupTerms("1", "Open", "free"), day(0))
        yield made


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


def a_year(town: Town) -> None:
    """A bit of everything, with webhooks between."""
    customer = register(town.shop, ANN, day(0)).provider_customer_id
    town.provider.save_card(customer)
    town.deliver()
    change_plan(town.shop, "ann", "premium", None, None, day(1))
    town.provider.at += 86_400
    opened = buy_learning_path(town.shop, "ann", "7", day(1))
    group = subscribe_group(town.shop, "ann", "9", "cart_1", 1, None, day(1))
    buy_group(town.shop, "ann", "1", day(1))
    town.provider.pay(opened.id)
    town.provider.pay_bill(group.id)
    add_charge(town.shop, NewCharge("may", "ann", usd(1000), "Rent", day(1)), day(0))
    add_charge(town.shop, NewCharge("june", "ann", usd(500), "Rent", day(9)), day(0))
    due = get_or_create_payment(town.shop, ANN, True, day(2))
    town.provider.pay(due.payment.id)
    grant_access(town.shop, HandGrant("g1", "ann", ("export",), None, "a prize"), day(3))
    town.provider.at += 86_400
    town.deliver()
    change_plan(town.shop, "ann", "starter", None, None, day(4))
    town.provider.at += 86_400
    town.deliver()


def test_every_table_is_on_postgres_what_the_history_folds_to(town: Town) -> None:
    a_year(town)
    project(town.url)

    with reading(town.url) as reader:
        folded = fold_until(reader, PROJECTIONS)
    assert stored(town.url) == folded
    filled = (
        "catalog",
        "account_charges",
        "account_payments",
        "group_registrations",
        "plan_periods",
    )
    assert all(folded[name] for name in filled)


def test_finance_reads_what_was_sold(town: Town) -> None:
    a_year(town)
    project(town.url)

    with finance(town.url) as connection:
        ask = connection.execute
        assert ask(
            "SELECT charge_id, status FROM finance.account_charges ORDER BY 1"
        ).fetchall() == [
            ("june", "open"),
            ("may", "paid"),
        ]
        assert ask("SELECT status, charge_ids FROM finance.account_payments").fetchall() == [
            ("paid", ["may"])
        ]
        assert ask(
            "SELECT group_id, cart_id, status FROM finance.group_registrations ORDER BY 1"
        ).fetchall() == [("1", None, "free"), ("9", "cart_1", "ended")]  # its month is long over
        assert ask(
            "SELECT feature, reason, note FROM finance.entitlements WHERE source_kind = 'grant'"
            " ORDER BY 1"
        ).fetchall() == [("export", "granted", "a prize"), ("group:1", "granted", "a free group")]
        assert ask("SELECT plan_id FROM finance.plan_periods ORDER BY held_from").fetchall() == [
            ("starter",),
            ("premium",),
            ("starter",),
        ]


OVERLAPS = """
SELECT a.customer_id, a.plan_id, b.plan_id
  FROM finance.plan_periods a
  JOIN finance.plan_periods b USING (customer_id, account)
 WHERE (a.held_from, a.subscription_id) <> (b.held_from, b.subscription_id)
   AND tstzrange(a.held_from, a.held_until) && tstzrange(b.held_from, b.held_until)"""


def test_no_two_plans_of_a_user_hold_at_one_instant(town: Town) -> None:
    a_year(town)
    project(town.url)

    with finance(town.url) as connection:
        assert connection.execute(OVERLAPS).fetchall() == []
        empty = "SELECT FROM finance.plan_periods WHERE held_until <= held_from"
        assert connection.execute(empty).fetchall() == []


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
