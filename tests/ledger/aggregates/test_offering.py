"""An offering knows what the provider has yet to make, and says nothing twice."""

from __future__ import annotations

from ledger.aggregates.group import Group
from ledger.aggregates.learning_path import LearningPath
from ledger.aggregates.offering import Offer, Offered, Priced, PriceMade, ProductMade, Sold
from ledger.aggregates.plan import StarterChosen, StarterPlan
from ledger.providers.outbound import NewPrice, NewProduct
from tests.ledger.given import given, usd, why

PRODUCT = NewProduct("Group - Chess", "Product", {"group_id": "9"})
SOLD = Sold(PRODUCT, "Price for Chess", {"group_id": "9"})
CHESS = Offer("Chess", usd(500), "month", "recurring", sold=SOLD)
PRICED = Priced(usd(500), "month", {"group_id": "9"})
MADE = (Offered(offer=CHESS), ProductMade(product_id="prod_1"))


def test_the_same_offer_is_nothing_new_and_another_is() -> None:
    other = Offer("Go", usd(500))

    given(Group, "9", Offered(offer=CHESS)).when(lambda it: it.put(CHESS, why())).when(
        lambda it: it.put(other, why())
    ).then(Offered(offer=other))


def test_first_the_product_is_missing_then_its_price_then_nothing() -> None:
    offered = given(Group, "9", Offered(offer=CHESS)).aggregate
    with_product = given(Group, "9", *MADE).aggregate
    whole = given(Group, "9", *MADE, PriceMade(price_id="price_1", priced=PRICED)).aggregate

    assert (offered.missing_product, offered.missing_price) == (PRODUCT, None)
    assert with_product.missing_product is None
    assert with_product.missing_price == NewPrice(
        "prod_1", usd(500), "month", "Price for Chess", {"group_id": "9"}
    )
    assert (whole.missing_product, whole.missing_price) == (None, None)


def test_what_was_made_is_recorded_once() -> None:
    whole = given(Group, "9", *MADE, PriceMade(price_id="price_1", priced=PRICED))

    whole.when(lambda it: it.product_made("prod_2", why())).when(
        lambda it: it.price_made("price_2", PRICED, why())
    ).then()


def test_what_is_paid_once_needs_nothing_of_the_provider() -> None:
    path = given(LearningPath, "7", Offered(offer=Offer("Rust", usd(2500)))).aggregate

    assert (path.missing_product, path.missing_price) == (None, None)


def test_there_is_one_starter_at_most() -> None:
    given(StarterPlan, StarterPlan.KEY).when(
        lambda it: it.choose("free", starter=True, why=why())
    ).when(lambda it: it.choose("pro", starter=False, why=why())).when(
        lambda it: it.choose("basic", starter=True, why=why())
    ).when(lambda it: it.choose("basic", starter=False, why=why())).then(
        StarterChosen(plan_id="free"), StarterChosen(plan_id="basic"), StarterChosen(plan_id=None)
    )
