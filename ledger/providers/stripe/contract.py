"""What the ledger reads from metadata: the public contract with whoever creates payments."""

from __future__ import annotations

from ledger.errors import Refusal
from ledger.providers.stripe.payloads import Metadata, Price, SubscriptionItem, link

MAX_CREDITS = 2**53

SALE_KEYS = ("user_id", "platform", "learning_path_id", "group_id", "credits")
"""A payment that carries one of these is a sale of its own, not the payment of an invoice."""

_GRANTS = {"learning_path_id": "learning_path:{}", "group_id": "group:{}"}


PLAN_SLOT = "plan"
"""What `slot` says on a subscription that holds its user's plan; there is one at a time."""

MOST_BYTES = 500
"""What a value may be part of: a key, of which an index takes no more than 2,704 bytes."""


class TooLong(Refusal):
    def __init__(self, key: str, size_bytes: int) -> None:
        super().__init__(f"{key} has {size_bytes} bytes, {MOST_BYTES} at most can be kept")


class InvalidCreditsMetadata(Refusal):
    def __init__(self, value: str) -> None:
        super().__init__(f"metadata credits={value!r} is not a whole number from 0 to 2^53")


def said(metadata: Metadata | None, key: str) -> str | None:
    """The value of one key; Stripe's metadata has strings only, and an empty one says nothing.

    Raises TooLong.
    """
    return bounded(f"metadata {key}", (metadata or {}).get(key))


def bounded(name: str, value: str | None) -> str | None:
    """A value of the seller's own that may be part of a key here. Raises TooLong."""
    size_bytes = len(value.encode()) if value else 0
    if size_bytes > MOST_BYTES:
        raise TooLong(name, size_bytes)
    return value or None


def features(metadata: Metadata | None) -> tuple[str, ...]:
    """The features this metadata grants."""
    found = ((text, said(metadata, key)) for key, text in _GRANTS.items())
    return tuple(sorted(text.format(value) for text, value in found if value))


def credits(metadata: Metadata | None) -> int:
    """The credits this payment buys in all. Raises InvalidCreditsMetadata."""
    value = (metadata or {}).get("credits")
    if not value:
        return 0
    if not (value.isascii() and value.isdigit() and len(value) <= 16 and int(value) <= MAX_CREDITS):
        raise InvalidCreditsMetadata(value)
    return int(value)


def is_sale(metadata: Metadata | None) -> bool:
    """Whether the metadata marks the payment as a sale of its own."""
    return any(said(metadata, key) for key in SALE_KEYS)


def plan_features(items: list[SubscriptionItem], metadata: Metadata | None) -> tuple[str, ...]:
    """The features a subscription's items grant, and those its own metadata adds."""
    granted = {feature for item in items for feature in _price_features(item.price)}
    return tuple(sorted(granted.union(features(metadata))))


def held_plan(items: list[SubscriptionItem], metadata: Metadata | None) -> str | None:
    """The plan whoever subscribed has by this subscription, where it holds their one plan."""
    if said(metadata, "slot") != PLAN_SLOT:
        return None
    plans = (said(item.price.metadata, "plan_id") for item in items)
    return next(filter(None, plans), None)


def _price_features(price: Price) -> tuple[str, ...]:
    named = said(price.metadata, "feature")
    more = (each.strip() for each in (said(price.metadata, "features") or "").split(","))
    granted = (*features(price.metadata), *((named,) if named else ()), *filter(None, more))
    if granted:
        return granted
    if price.lookup_key:
        return (f"plan:{price.lookup_key}",)
    return (f"product:{link(price.product)}",) if price.product else (f"price:{price.id}",)
