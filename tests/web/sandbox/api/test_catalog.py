"""What is for sale in the stand-in: products, prices, packages of units, keys."""

from __future__ import annotations

import pytest
import stripe


@pytest.fixture
def product(client: stripe.StripeClient) -> stripe.Product:
    return client.v1.products.create({"name": "Credits", "metadata": {"group_id": "21"}})


def test_a_price_of_a_package_is_told_by_its_size(
    client: stripe.StripeClient, product: stripe.Product
) -> None:
    price = client.v1.prices.create(
        {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 500,
            "transform_quantity": {"divide_by": 50, "round": "up"},
            "nickname": "50 credits",
        }
    )
    visit = client.v1.checkout.sessions.create(
        {
            "mode": "payment",
            "line_items": [{"price": price.id, "quantity": 120}],
            "success_url": "https://app.test/done",
        }
    )

    assert price.transform_quantity is not None
    assert (price.transform_quantity.divide_by, price.type) == (50, "one_time")
    assert visit.amount_total == 1500


def test_a_lookup_key_is_one_prices(client: stripe.StripeClient, product: stripe.Product) -> None:
    def priced(**more: object) -> stripe.Price:
        given: stripe.params.PriceCreateParams = {
            "product": product.id,
            "currency": "usd",
            "unit_amount": 900,
            "recurring": {"interval": "month"},
            "lookup_key": "pro",
        }
        return client.v1.prices.create({**given, **more})  # type: ignore[typeddict-item]  # more of the same

    first = priced()
    with pytest.raises(stripe.InvalidRequestError, match="already uses that lookup key"):
        priced()
    second = priced(transfer_lookup_key=True)

    assert [each.id for each in client.v1.prices.list({"lookup_keys": ["pro"]}).data] == [second.id]
    assert client.v1.prices.retrieve(first.id).lookup_key is None


def test_prices_are_listed_by_product_type_and_whether_they_are_asked(
    client: stripe.StripeClient, product: stripe.Product
) -> None:
    other = client.v1.prices.create(
        {"currency": "usd", "unit_amount": 100, "product_data": {"name": "Other"}}
    )
    once = client.v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": 500})
    old = client.v1.prices.create({"product": product.id, "currency": "usd", "unit_amount": 400})
    client.v1.prices.update(old.id, {"active": False})

    def ids(**asked: object) -> list[str]:
        return [each.id for each in client.v1.prices.list(asked).data]  # type: ignore[arg-type]  # filters

    assert ids() == [old.id, once.id, other.id]
    assert ids(product=product.id, active=True) == [once.id]
    assert ids(type="recurring") == []


def test_a_product_changes_its_name(client: stripe.StripeClient, product: stripe.Product) -> None:
    changed = client.v1.products.update(product.id, {"name": "Units", "active": False})

    assert (changed.name, changed.active) == ("Units", False)
    assert changed.metadata.to_dict() == {"group_id": "21"}
    assert client.v1.products.list({"active": True}).data == []
