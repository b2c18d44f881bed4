"""Commands, ledger and tables work with every provider as they are: only the scope differs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from ledger.application import Inbox, Ledger
from ledger.bookkeeper import Bookkeeper, stored_streams
from ledger.checkout import credits, registration, sales, subscriptions
from ledger.checkout.catalog import (
    LearningPathTerms,
    PlanTerms,
    offer_learning_path,
    offer_plan,
)
from ledger.checkout.registration import Person
from ledger.checkout.shop import Brand, Shop
from ledger.clerk import Rules
from ledger.commands import spend_credits
from ledger.event import Cause
from ledger.money import Money
from ledger.policy import Policy
from ledger.providers.outbound import NewProduct
from ledger.store.log import LogReader
from ledger.store.names import Names
from projections.schema import migrate
from tests.ledger.providers.contract.provider import Provider, card_of, everything_once, package
from tests.ledger.stories import Told, tell
from tests.projections.ledger import project, stored
from tests.projections.stories import folded

ANN = Person("ann", "ann@example.org", "Ann")
BRAND = Brand("LEAD", "https://lead.test", "LEAD")
NAMES = Names()
TABLES = ("customers", "purchases", "subscriptions", "entitlements", "paid_invoices", "balances")


@dataclass
class Business:
    """A ledger that sells by one provider."""

    provider: Provider
    url: str
    shop: Shop
    inbox: Inbox
    bookkeeper: Bookkeeper
    delivered: int = field(default=0)

    def rows(self, table: str) -> list[Any]:
        """The rows of a table once all webhooks are in and worked off."""
        for each in self.provider.posted[self.delivered :]:
            delivery = self.provider.receiver.receive(*each, self.provider.now)
            self.delivered += self.inbox.receive(delivery)
        self.bookkeeper.run_until_idle()
        project(self.url)
        return list(stored(self.url)[table].values())


@pytest.fixture
def business(provider: Provider, database_url: str) -> Iterator[Business]:
    migrate(database_url)
    with ExitStack() as stack:
        inbox = stack.enter_context(Inbox(database_url, NAMES, pool_size=1))
        ledger = stack.enter_context(Ledger(database_url, NAMES, pool_size=1))
        logs = [
            stack.enter_context(closing(LogReader(database_url, schema)))
            for schema in (NAMES.inbox, NAMES.ledger, NAMES.ledger)
        ]
        policy = Policy(platform="LEAD")
        load = stored_streams(logs[2])
        rules = Rules({provider.scope.provider: provider.observer}, policy, livemode=False)
        keeper = Bookkeeper(logs[0], logs[1], ledger, rules, lambda: provider.now)
        shop = Shop(ledger, load, provider.outbound, BRAND, policy, provider.scope)
        yield Business(provider, database_url, shop, inbox, keeper)


def registered(business: Business) -> str:
    """Ann, a customer of the provider's."""
    found = registration.register(business.shop, ANN, business.provider.now)
    return found.provider_customer_id


def test_a_sale_opens_what_was_bought_once_the_webhook_says_so(business: Business) -> None:
    shop, provider = business.shop, business.provider
    path = LearningPathTerms("7", "Welding", Money(1999, "usd"))
    offer_learning_path(shop, path, provider.now)
    customer = registered(business)
    assert registered(business) == customer

    opened = sales.buy_learning_path(shop, "ann", "7", provider.now)
    assert sales.buy_learning_path(shop, "ann", "7", provider.now) == opened
    assert business.rows("entitlements") == []
    provider.pay(opened)

    [bought] = business.rows("entitlements")
    assert (bought.customer_id, bought.feature) == ("ann", "learning_path:7")
    assert (bought.source_kind, bought.source_id) == ("purchase", opened.id)
    [purchase] = business.rows("purchases")
    assert purchase.description == "LEAD - Premium Learning Path - Welding (ID 7)"
    assert (purchase.paid_minor, purchase.currency) == (1999, "usd")
    [known] = business.rows("customers")
    assert (known.provider_customer_id, known.customer_id) == (customer, "ann")

    provider.refund(opened, Money(1999, "usd"))
    [bought] = business.rows("entitlements")
    assert bought.ended_because == "refunded"


def test_a_plan_is_begun_changed_renewed_and_ended(business: Business) -> None:
    shop, provider = business.shop, business.provider
    for name, minor in (("basic", 1000), ("pro", 3000)):
        offered = PlanTerms(name, name.title(), Money(minor, "usd"), "month", ("chat",))
        offer_plan(shop, offered, provider.now)
    card = card_of(provider, registered(business))

    begun = subscriptions.subscribe(shop, "ann", "basic", 1, card, provider.now)
    assert features(business) == {"plan:basic", "chat"}

    changed = subscriptions.change_plan(shop, "ann", "pro", 2, card, provider.now)
    assert changed.id == begun.id
    assert features(business) == {"plan:pro", "chat"}
    [row] = business.rows("subscriptions")
    assert (row.customer_id, row.status, row.quantity) == ("ann", "active", 2)

    provider.pass_time(days=32)
    [renewed] = business.rows("subscriptions")
    assert renewed.paid_until > row.paid_until

    subscriptions.cancel(shop, "ann", begun.id, False, provider.now)
    [ended] = business.rows("subscriptions")
    assert ended.status == "canceled"
    assert {it.ended_because for it in business.rows("entitlements")} == {"canceled"}


def features(business: Business) -> set[str]:
    return {it.feature for it in business.rows("entitlements")}


def test_credits_are_bought_and_spent(business: Business) -> None:
    shop, provider = business.shop, business.provider
    product = provider.outbound.create_product("credits", NewProduct("Credits", "One each", {}))
    price = package(provider, product, units=50, minor=500)
    brand = Brand("LEAD", "https://lead.test", "LEAD", product)
    shop = Shop(shop.ledger, shop.load, shop.outbound, brand, shop.policy, shop.scope)

    back = "https://lead.test/done"
    visit = credits.buy_credits(shop, ANN, price, 2, back, False, "key", provider.now)
    provider.visit(visit)
    business.rows("balances")
    with Ledger(business.url, NAMES, pool_size=1) as ledger:
        spend_credits(ledger, shop.scope, "ann", 30, "job", provider.now)

    [balance] = business.rows("balances")
    assert (balance.granted, balance.spent, balance.available) == (100, 30, 70)


@pytest.mark.parametrize("seed", range(20))
def test_webhooks_in_any_order_and_twice_end_in_the_same_rows(
    seed: int, provider: Provider
) -> None:
    everything_once(provider)
    told = heard(provider)
    shuffled = random.Random(seed).sample(told, len(told))

    before, after = (folded(tell(each, Policy()).events) for each in (told, shuffled))

    assert {name: before[name] for name in TABLES} == {name: after[name] for name in TABLES}
    assert all(before[name] for name in TABLES)
    streams = {row.stream for name in TABLES for row in before[name].values()}  # type: ignore[attr-defined]  # every row of these tables has one
    assert {each.split("/")[1] for each in streams} == {provider.scope.provider}


def heard(provider: Provider) -> list[Told]:
    """What the webhooks so far say, each with its cause."""
    deliveries = [provider.receiver.receive(*each, provider.now) for each in provider.posted]
    return [
        (
            provider.observer.observe(each),
            Cause(each.originator_id, each.envelope.created, provider.now + timedelta(seconds=1)),
        )
        for each in deliveries
    ]
