"""What the second provider writes in its own way: money as decimals, and our words as one text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import msgspec

from ledger.money import MINOR_DIGITS, Money


class Amount(msgspec.Struct, frozen=True):
    """Money on the wire: `{"currency_code": "USD", "value": "12.50"}`."""

    currency_code: str
    value: Decimal

    @property
    def minor(self) -> int:
        """In minor units; below 0 for a credit."""
        return int(self.value.scaleb(MINOR_DIGITS[self.currency_code.lower()]))

    @property
    def money(self) -> Money:
        return Money(self.minor, self.currency_code.lower())


class Cycle(msgspec.Struct, frozen=True):
    """A stretch of time that was paid for."""

    start: datetime
    end: datetime


def written(money: Money) -> dict[str, str]:
    """Money as the wire has it."""
    value, code = str(money).split()
    return {"currency_code": code, "value": value}


def custom(metadata: Mapping[str, str]) -> str:
    """The application's own words; the provider keeps them as one text."""
    return msgspec.json.encode(dict(metadata)).decode()


def read_custom(text: str) -> dict[str, str]:
    """The inverse of `custom`."""
    return msgspec.json.decode(text, type=dict[str, str])


def features(metadata: Mapping[str, str]) -> tuple[str, ...]:
    """What this payment or plan gives, by the contract with the application."""
    given = [("learning_path_id", "learning_path:{}"), ("group_id", "group:{}"), ("feature", "{}")]
    found = {text.format(metadata[key]) for key, text in given if metadata.get(key)}
    more = {each for each in metadata.get("features", "").split(",") if each}
    return tuple(sorted(found | more))
