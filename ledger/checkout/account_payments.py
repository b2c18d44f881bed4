"""Charges on a customer's account, and the payments for them."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.checkout.registration import Person
from ledger.checkout.shop import Shop
from ledger.money import Money
from ledger.providers.outbound import OpenPayment


class NewCharge(msgspec.Struct, frozen=True):
    """Something a user owes from `due_at` on."""

    charge_id: str
    user_id: str
    amount: Money
    description: str
    due_at: datetime


class AccountPayment(msgspec.Struct, frozen=True):
    """A payment, and the charges it is for."""

    payment: OpenPayment
    charge_ids: tuple[str, ...]


class Payable(msgspec.Struct, frozen=True):
    """What a user could pay: what is past due, and all; None where that is nothing."""

    past_due: Money | None
    all_due: Money | None


def add_charge(shop: Shop, new: NewCharge, now: datetime) -> None:
    raise NotImplementedError


def waive_charge(shop: Shop, user_id: str, charge_id: str, now: datetime) -> None:
    raise NotImplementedError


def get_or_create_payment(
    shop: Shop, person: Person, past_due_only: bool, now: datetime
) -> AccountPayment:
    raise NotImplementedError


def payable(shop: Shop, user_id: str, now: datetime) -> Payable:
    raise NotImplementedError
