"""The catalog: offered once however often, and with exactly the texts others rely on."""

from __future__ import annotations

import msgspec
import pytest

from ledger.checkout.catalog import (
    GroupTerms,
    LearningPathTerms,
    OfferedGroup,
    PlanTerms,
    offer_group,
    offer_learning_path,
    offer_plan,
)
from ledger.checkout.refusals import InvalidTerms
from ledger.providers.problems import ProviderUnavailable
from tests.ledger.checkout.world import World
from tests.ledger.given import usd

CHESS = GroupTerms("9", "Chess", "recurring", usd(500), "month")
PREMIUM = PlanTerms("premium", "Premium", usd(900), "month", ("universes", "export"))
PATH = LearningPathTerms("7", "Rust", usd(2500), "acct_9")


def test_a_recurring_group_has_a_product_and_a_price_with_the_agreed_texts() -> None:
    world = World()

    offered = offer_group(world.shop, CHESS, world.on(0))

    (product,), (price,) = world.provider.all("product"), world.provider.all("price")
    assert offered == OfferedGroup(product["id"], price["id"])
    assert product == {
        "object": "product",
        "id": offered.product_id,
        "name": "Group - Chess",
        "description": 'Product for "Chess" Group on LEAD Academy (https://lead.example)',
        "metadata": {"group_id": "9"},
    }
    assert price["nickname"] == "Price for Chess Group on LEAD Academy (https://lead.example)"
    assert price["metadata"] == {"group_id": "9"}
    assert (price["_amount"], price["_interval"]) == (500, "month")


def test_the_same_offer_again_is_nothing_new() -> None:
    world = World()

    first = offer_group(world.shop, CHESS, world.on(0))
    again = offer_group(world.shop, CHESS, world.on(5))

    assert first == again
    assert len(world.provider.asked) == 2
    (row,) = world.rows("catalog")
    assert (row.kind, row.offering_id, row.name, row.premium) == (
        "group",
        "9",
        "Chess",
        "recurring",
    )
    assert (row.amount_minor, row.currency, row.billed_each) == (500, "usd", "month")
    assert (row.product_id, row.price_id) == (first.product_id, first.price_id)


def test_another_amount_makes_another_price_of_the_same_product() -> None:
    world = World()
    first = offer_group(world.shop, CHESS, world.on(0))

    dearer = msgspec.structs.replace(CHESS, price=usd(700))
    second = offer_group(world.shop, dearer, world.on(1))
    renamed = offer_group(world.shop, msgspec.structs.replace(dearer, name="Go"), world.on(2))

    assert second.product_id == first.product_id
    assert second.price_id != first.price_id
    assert renamed == second
    (row,) = world.rows("catalog")
    assert (row.name, row.amount_minor, row.price_id) == ("Go", 700, second.price_id)


@pytest.mark.parametrize("price", [500, 700])
def test_another_name_is_told_to_the_provider_once(price: int) -> None:
    world = World()
    first = offer_group(world.shop, CHESS, world.on(0))
    renamed = msgspec.structs.replace(CHESS, name="Go", price=usd(price))
    world.provider.lose_answer.append(ProviderUnavailable("Fake", "no answer"))

    with pytest.raises(ProviderUnavailable):
        offer_group(world.shop, renamed, world.on(1))
    again = [offer_group(world.shop, renamed, world.on(number)) for number in (1, 2)]

    assert again[0] == again[1]
    (product,) = world.provider.all("product")
    assert (product["id"], product["name"]) == (first.product_id, "Group - Go")
    assert product["description"] == 'Product for "Go" Group on LEAD Academy (https://lead.example)'
    sold = world.provider.get(again[0].price_id or "")
    assert sold["nickname"] == "Price for Go Group on LEAD Academy (https://lead.example)"
    assert len(set(world.provider.asked_for("rename"))) == 1


@pytest.mark.parametrize("fails", ["fail_before", "lose_answer"])
@pytest.mark.parametrize("after", [0, 1])
def test_a_crash_while_offering_is_healed_by_the_next_try(fails: str, after: int) -> None:
    world = World()
    problem = ProviderUnavailable("Fake", "no answer")
    if after:  # the product is made, and then the price is not
        world.provider.on_answer = lambda: getattr(world.provider, fails).append(problem)
    else:
        getattr(world.provider, fails).append(problem)

    with pytest.raises(ProviderUnavailable):
        offer_group(world.shop, CHESS, world.on(0))
    world.provider.on_answer = lambda: None
    world.provider.fail_before.clear()
    world.provider.lose_answer.clear()
    offered = offer_group(world.shop, CHESS, world.on(1))

    (product,), (price,) = world.provider.all("product"), world.provider.all("price")
    assert offered == OfferedGroup(product["id"], price["id"])


def test_free_and_one_time_groups_have_nothing_at_the_provider() -> None:
    world = World()

    for terms in (GroupTerms("1", "Open", "free"), GroupTerms("2", "Once", "one_time", usd(900))):
        assert offer_group(world.shop, terms, world.on(0)) == OfferedGroup(None, None)
    assert world.provider.asked == []


def test_a_plan_is_named_by_its_price_whatever_else_is_for_sale() -> None:
    world = World()

    offered = offer_plan(world.shop, PREMIUM, world.on(0))

    (price,) = world.provider.all("price")
    assert price["id"] == offered.price_id
    assert price["metadata"] == {
        "plan_id": "premium",
        "feature": "plan:premium",
        "features": "export,universes",
    }


def test_the_starter_offered_last_is_the_starter() -> None:
    world = World()
    free, other = (PlanTerms(n, n, usd(0), "month", starter=True) for n in ("free", "other"))
    for number, terms in enumerate((free, other, msgspec.structs.replace(other, starter=False))):
        offer_plan(world.shop, terms, world.on(number))
    world.registered()

    assert world.provider.all("subscription") == []
    offer_plan(world.shop, msgspec.structs.replace(free, name="Free"), world.on(4))
    world.registered()
    assert len(world.provider.all("subscription")) == 1


def test_a_learning_path_is_offered_without_the_provider() -> None:
    world = World()

    offer_learning_path(world.shop, PATH, world.on(0))

    (row,) = world.rows("catalog")
    assert (row.kind, row.amount_minor, row.destination) == ("learning_path", 2500, "acct_9")
    assert world.provider.asked == []


@pytest.mark.parametrize(
    "terms",
    [
        GroupTerms("1", "A", "free", usd(1)),
        GroupTerms("1", "A", "one_time"),
        GroupTerms("1", "A", "one_time", usd(0)),
        GroupTerms("1", "A", "one_time", usd(5), "month"),
        GroupTerms("1", "A", "recurring", usd(5)),
        GroupTerms("", "A", "free"),
        GroupTerms("1", "A\nB", "free"),
    ],
)
def test_a_group_that_contradicts_itself_is_refused(terms: GroupTerms) -> None:
    world = World()

    with pytest.raises(InvalidTerms):
        offer_group(world.shop, terms, world.on(0))
    assert world.rows("catalog") == []


@pytest.mark.parametrize(
    "changed",
    [
        {"starter": True},
        {"starter": True, "price": usd(0), "beside": True},
        {"features": ("a,b",)},
        {"features": ("x" * 300, "y" * 300)},
        {"plan_id": "x" * 201},
    ],
)
def test_a_plan_that_contradicts_itself_is_refused(changed: dict[str, object]) -> None:
    world = World()

    with pytest.raises(InvalidTerms):
        offer_plan(world.shop, msgspec.structs.replace(PREMIUM, **changed), world.on(0))
    assert world.provider.asked == []
