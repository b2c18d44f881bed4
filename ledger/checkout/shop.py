"""The shop: what every command of checkout needs, handed in by whoever calls it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import msgspec

from ledger.books import Load
from ledger.checkout.brand import Brand
from ledger.event import Event
from ledger.ids import Scope
from ledger.policy import Policy
from ledger.providers.outbound import Outbound

__all__ = ["Appending", "Brand", "Shop"]


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
