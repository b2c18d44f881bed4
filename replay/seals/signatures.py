"""The provider's own signature of each delivery, checked again however old it is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from ledger.delivery import Delivery
from ledger.errors import NotVerified
from ledger.providers.stripe.signature import HEADER, is_signed

Kind = Literal["signed", "unsigned", "wrong"]


class Signatures:
    """Counts deliveries by what their signature says; those we fetched ourselves have none."""

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = secrets
        self.counts: dict[Kind, int] = {"signed": 0, "unsigned": 0, "wrong": 0}

    def check(self, state: bytes) -> bool:
        """Whether the stored delivery may stand: it is signed, or says where we fetched it."""
        kind = self._kind(state)
        self.counts[kind] += 1
        return kind != "wrong"

    def _kind(self, state: bytes) -> Kind:
        try:
            delivery = Delivery.from_state(state)
            header = delivery.headers.get(HEADER)
            if header is None:
                return "unsigned"
            return "signed" if is_signed(delivery.body, header, self._secrets) else "wrong"
        except (NotVerified, ValueError, msgspec.MsgspecError):
            return "wrong"
