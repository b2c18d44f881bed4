"""The shop: what every command of checkout needs, handed in by whoever calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from ledger.books import Load
from ledger.event import Event
from ledger.ids import Scope
from ledger.policy import Policy
from ledger.providers.outbound import Outbound


class Brand(msgspec.Struct, frozen=True):
    """Under which name things are sold, and which of the provider's products sells credits."""

    name: str
    url: str
    platform: str | None = None
    credits_product_id: str | None = None

    @property
    def label(self) -> str:
        """What stands in payments for the platform: payers and other platforms read it."""
        return self.platform or self.name


class Appending(Protocol):
    """What commands need of a Ledger."""

    def append(self, new: Sequence[Event], /) -> None:
        """Stores all of `new` or none; raises IntegrityError when a stream has moved on."""


class Shop(msgspec.Struct, frozen=True):
    """One provider's account as commands see it; threads may share it.

    `load` reads streams of the same ledger, `scope` is where its facts belong, and `outbound` the
    provider's API for that account and mode.
    """

    ledger: Appending
    load: Load
    outbound: Outbound
    brand: Brand
    policy: Policy
    scope: Scope
