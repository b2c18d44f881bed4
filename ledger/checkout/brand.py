"""The brand under which things are sold."""

from __future__ import annotations

import msgspec


class Brand(msgspec.Struct, frozen=True):
    """Under which name things are sold, and which of the provider's products sells credits.

    Payments for charges name `payments_product_id`, so that they can be told at the provider.
    """

    name: str
    url: str
    platform: str | None = None
    credits_product_id: str | None = None
    payments_product_id: str | None = None

    @property
    def label(self) -> str:
        """What stands in payments for the platform: payers and other platforms read it."""
        return self.platform or self.name
