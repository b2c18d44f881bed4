"""Credits are sold in packages on the provider's page, and given by its webhook."""

from __future__ import annotations

import pytest

from ledger.checkout.credits import buy_credits, packages
from ledger.checkout.refusals import InvalidQuantity, KeyTaken, NotOffered
from ledger.checkout.shop import Brand, Shop
from ledger.providers.outbound import NewSession, OpenSession
from ledger.providers.problems import ProviderUnavailable
from tests.ledger.checkout.world import ANN, World
from tests.support.fake_outbound import PACKAGES


def buy(world: World, key: str = "k", many: int = 2, hosted: bool = False) -> OpenSession:
    return buy_credits(
        world.shop, ANN, "price_50", many, "https://lead.example/", hosted, key, world.on(0)
    )


def test_the_packages_of_the_credits_product_are_listed() -> None:
    world = World()
    shop = world.shop
    without = Shop(shop.ledger, shop.load, shop.outbound, Brand("A", "B"), shop.policy, shop.scope)

    assert packages(shop) == PACKAGES
    assert packages(without) == []


def test_a_visit_names_the_buyer_and_the_credits_of_all_packages() -> None:
    world = World()

    opened = buy(world)

    (made,) = world.provider.all("session")
    assert made["_new"] == NewSession(
        provider_customer_id="cus_1",
        price_id="price_50",
        units=100,
        metadata={"user_id": "ann", "platform": "LEAD", "credits": "100"},
        client_reference_id="ann",
        return_url="https://lead.example/",
    )
    assert (opened.client_secret, opened.url) == (f"{made['id']}_secret", None)
    assert world.rows("balances") == []


def test_a_key_opens_one_visit() -> None:
    world = World()

    assert buy(world) == buy(world)
    assert buy(world, "other", hosted=True).url
    assert len(world.provider.all("session")) == 2
    with pytest.raises(KeyTaken, match="'k'"):
        buy(world, many=3)


def test_a_lost_answer_is_asked_for_again() -> None:
    world = World()
    world.registered()
    world.provider.lose_answer.append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        buy(world)

    buy(world)
    assert len(world.provider.all("session")) == 1


def test_only_whole_packages_on_sale_are_sold() -> None:
    world = World()

    with pytest.raises(NotOffered, match="price_x"):
        buy_credits(world.shop, ANN, "price_x", 1, "https://a/", False, "k", world.on(0))
    with pytest.raises(InvalidQuantity):
        buy(world, many=0)
    assert world.provider.all("session") == []
