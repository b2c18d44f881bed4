"""What stands at the provider on what is sold: others read these texts, so they do not change."""

from __future__ import annotations

from collections.abc import Iterable

from ledger.aggregates.offering import Sold
from ledger.checkout.brand import Brand
from ledger.checkout.refusals import InvalidTerms
from ledger.checkout.words import MOST_BYTES, checked_text
from ledger.providers.outbound import NewProduct


def learning_path(brand: Brand, key: str, name: str) -> str:
    """The description of a payment for a learning path."""
    return f"{brand.label} - Premium Learning Path - {name} (ID {key})"


def group(brand: Brand, key: str, name: str) -> str:
    """The description of a payment for a group."""
    return f"{brand.label} - Premium Group - {name} (ID {key})"


def account(brand: Brand, charges: int) -> str:
    """The description of a payment for charges."""
    return f"{brand.label} - Account Payment ({charges} {'charge' if charges == 1 else 'charges'})"


def of_group(brand: Brand, key: str, name: str) -> Sold:
    """Product and price of a group whose membership recurs."""
    return Sold(
        NewProduct(
            f"Group - {name}",
            f'Product for "{name}" Group on {brand.name} ({brand.url})',
            {"group_id": key},
        ),
        f"Price for {name} Group on {brand.name} ({brand.url})",
        {"group_id": key},
    )


def of_plan(brand: Brand, key: str, name: str, features: Iterable[str]) -> Sold:
    """Product and price of a plan; the price names what it gives. Raises InvalidTerms."""
    named = {"plan_id": key, "feature": f"plan:{key}"}
    if more := _listed(features):
        named["features"] = more
    return Sold(
        NewProduct(
            f"Plan - {name}",
            f'Product for "{name}" Plan on {brand.name} ({brand.url})',
            {"plan_id": key},
        ),
        f"Price for {name} Plan on {brand.name} ({brand.url})",
        named,
    )


def _listed(features: Iterable[str]) -> str:
    names = sorted({checked_text("feature", each.strip()) for each in features})
    listed = ",".join(names)
    if any("," in each for each in names) or len(listed.encode()) > MOST_BYTES:
        raise InvalidTerms("features", f"no commas, and up to {MOST_BYTES} bytes in all")
    return listed
