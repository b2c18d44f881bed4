"""The second provider's objects, as far as they are read."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec

from tests.ledger.providers.paypal_like.wording import Amount, Cycle


class Payer(msgspec.Struct, frozen=True):
    id: str
    create_time: datetime
    user_id: str
    email: str | None = None
    name: str | None = None
    preferred: str | None = None


class Card(msgspec.Struct, frozen=True):
    id: str
    brand: str
    last: str
    expiry: str


class Setup(msgspec.Struct, frozen=True):
    id: str
    status: Literal["CREATED", "APPROVED"]
    token: str
    card: str | None


class Order(msgspec.Struct, frozen=True):
    id: str
    status: Literal["CREATED", "COMPLETED", "VOIDED"]
    token: str
    amount: Amount
    custom: str


class Capture(msgspec.Struct, frozen=True):
    id: str
    order: str
    order_time: datetime
    status: Literal["COMPLETED", "DECLINED"]
    payer: str
    amount: Amount
    custom: str
    description: str


class Refund(msgspec.Struct, frozen=True):
    id: str
    order: str
    amount: Amount


class Plan(msgspec.Struct, frozen=True):
    id: str
    name: str
    amount: Amount
    interval: str | None
    units: int


class Agreement(msgspec.Struct, frozen=True):
    id: str
    create_time: datetime
    status: Literal["APPROVAL_PENDING", "ACTIVE", "SUSPENDED", "CANCELLED"]
    plan: str
    payer: str
    custom: str
    token: str
    gives: tuple[str, ...]
    quantity: int
    ends: bool
    first_amount: Amount
    cycle: Cycle | None = None
    end_time: datetime | None = None


class Sale(msgspec.Struct, frozen=True):
    id: str
    agreement: str
    payer: str
    custom: str
    amount: Amount
    cycle: Cycle


class Visit(msgspec.Struct, frozen=True):
    id: str
    status: Literal["OPEN", "COMPLETE"]
    token: str
    url: str
