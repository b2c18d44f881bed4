"""Products, prices and the old plan objects that still accompany recurring prices."""

from __future__ import annotations

from typing import Any

from web.sandbox.truth.catalog import Price, Product


def product(noun: Product) -> dict[str, Any]:
    """A product."""
    return {
        "id": noun.id,
        "object": "product",
        "active": noun.active,
        "created": noun.created,
        "default_price": noun.default_price,
        "description": noun.description,
        "images": [],
        "livemode": False,
        "marketing_features": [],
        "metadata": noun.metadata,
        "name": noun.name,
        "package_dimensions": None,
        "shippable": None,
        "statement_descriptor": None,
        "tax_code": None,
        "type": "service",
        "unit_label": None,
        "updated": noun.updated or noun.created,
        "url": None,
    }


def price(noun: Price) -> dict[str, Any]:
    """A price, one-off or recurring."""
    return {
        "id": noun.id,
        "object": "price",
        "active": noun.active,
        "billing_scheme": "per_unit",
        "created": noun.created,
        "currency": noun.currency,
        "custom_unit_amount": None,
        "livemode": False,
        "lookup_key": noun.lookup_key,
        "metadata": noun.metadata,
        "nickname": noun.nickname,
        "product": noun.product,
        "recurring": _recurring(noun),
        "tax_behavior": "unspecified",
        "tiers_mode": None,
        "transform_quantity": _package(noun),
        "type": "recurring" if noun.interval else "one_time",
        "unit_amount": noun.unit_amount,
        "unit_amount_decimal": str(noun.unit_amount),
    }


def plan(noun: Price) -> dict[str, Any]:
    """The plan that mirrors a recurring price."""
    return {
        "id": noun.id,
        "object": "plan",
        "active": noun.active,
        "amount": noun.unit_amount,
        "amount_decimal": str(noun.unit_amount),
        "billing_scheme": "per_unit",
        "created": noun.created,
        "currency": noun.currency,
        "interval": noun.interval,
        "interval_count": noun.interval_count,
        "livemode": False,
        "metadata": noun.metadata,
        "meter": None,
        "nickname": noun.nickname,
        "product": noun.product,
        "tiers_mode": None,
        "transform_usage": _package(noun),
        "trial_period_days": None,
        "usage_type": "licensed",
    }


def _package(noun: Price) -> dict[str, Any] | None:
    return None if noun.package is None else {"divide_by": noun.package, "round": noun.rounds}


def _recurring(noun: Price) -> dict[str, Any] | None:
    if noun.interval is None:
        return None
    return {
        "interval": noun.interval,
        "interval_count": noun.interval_count,
        "meter": None,
        "trial_period_days": None,
        "usage_type": "licensed",
    }
