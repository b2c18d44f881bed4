"""Charges are added once, and waived as long as they are unpaid."""

from __future__ import annotations

import pytest

from ledger.checkout.account_payments import (
    NewCharge,
    Payable,
    add_charge,
    payable,
    waive_charge,
)
from ledger.checkout.refusals import (
    ChargeSettled,
    InvalidTerms,
    KeyTaken,
    UnknownCharge,
)
from ledger.errors import CurrencyMismatch
from ledger.money import Money
from tests.ledger.checkout.owing import charges, owe, owing, pay
from tests.ledger.checkout.world import World
from tests.ledger.given import day, usd


@pytest.fixture
def world() -> World:
    return owing()


def test_a_charge_is_added_once(world: World) -> None:
    owe(world, "may", 1000, 5, on=3)

    assert charges(world) == {"may": "open", "june": "open"}
    with pytest.raises(KeyTaken, match="may"):
        owe(world, "may", 1001, 5, on=3)


def test_an_account_is_in_one_currency_while_something_is_owed(world: World) -> None:
    euro = NewCharge("july", "ann", Money(100, "eur"), "Rent", day(5))
    with pytest.raises(CurrencyMismatch):
        add_charge(world.shop, euro, world.on(1))

    for charge in ("may", "june"):
        waive_charge(world.shop, "ann", charge, world.on(2))
    add_charge(world.shop, euro, world.on(3))
    assert payable(world.shop, "ann", day(9)) == Payable(Money(100, "eur"), Money(100, "eur"))


def test_a_waived_charge_is_waived_once_and_a_paid_one_never(world: World) -> None:
    for _ in range(2):
        waive_charge(world.shop, "ann", "june", world.on(1))
    with pytest.raises(UnknownCharge, match="july"):
        waive_charge(world.shop, "ann", "july", world.on(1))

    world.provider.pay(pay(world).payment.id)
    world.deliver()
    with pytest.raises(ChargeSettled, match="may"):
        waive_charge(world.shop, "ann", "may", world.on(11))


@pytest.mark.parametrize(
    "new",
    [
        NewCharge("c", "ann", usd(0), "Rent", day(5)),
        NewCharge("c", "ann", usd(1), "", day(5)),
        NewCharge("", "ann", usd(1), "Rent", day(5)),
        NewCharge("c", "", usd(1), "Rent", day(5)),
        NewCharge("c", "ann", usd(1), "Rent", day(5).replace(tzinfo=None)),
    ],
)
def test_a_charge_nobody_could_pay_is_refused(new: NewCharge) -> None:
    world = World()

    with pytest.raises(InvalidTerms):
        add_charge(world.shop, new, world.on(0))
    assert world.rows("account_charges") == []
