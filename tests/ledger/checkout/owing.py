"""Somebody who owes charges, and how their account stands."""

from __future__ import annotations

from ledger.checkout.account_payments import (
    AccountPayment,
    NewCharge,
    add_charge,
    get_or_create_payment,
)
from tests.ledger.checkout.world import ANN, World
from tests.ledger.given import day, usd


def owe(world: World, charge_id: str, minor: int, due: float, on: float = 0) -> None:
    new = NewCharge(charge_id, "ann", usd(minor), f"Rent {charge_id}", day(due))
    add_charge(world.shop, new, world.on(on))


def owing() -> World:
    """Ann owes ten dollars since the fifth day, and twenty from the twentieth on."""
    made = World()
    owe(made, "may", 1000, 5)
    owe(made, "june", 2000, 20)
    return made


def pay(world: World, past_due_only: bool = False, on: float = 10) -> AccountPayment:
    return get_or_create_payment(world.shop, ANN, past_due_only, world.on(on))


def charges(world: World) -> dict[str, str]:
    return {row.charge_id: row.status for row in world.rows("account_charges")}


def payments(world: World) -> dict[str, str]:
    return {row.payment_key: row.status for row in world.rows("account_payments")}
