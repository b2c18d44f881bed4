"""Unused time is given back where it was paid, and where that is not certain never."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from ledger.dunning.unused import is_paid
from ledger.observations import Bill, Payer, Period
from ledger.policy import Coverage, TakenBack
from tests.ledger.given import START, day, usd

NOW = day(10)


def bill(minor: int = 700, covers: Period | None = None) -> Bill:
    return Bill(status="open", payer=Payer(), total=usd(minor), paid=usd(0), covers=covers)


def covered(start: float, end: float) -> Coverage:
    return Coverage(paid_at=day(start), start=day(start), end=day(end))


BEFORE = bill(covers=Period(day(5), day(7)))
PAID, FREE = bill(), bill(0)
BILLS: Mapping[str, Bill] = {"paid": PAID, "paid-too": PAID, "free": FREE}


def given_back(unpaid: Bill | None, **coverage: Coverage) -> bool:
    named = {key.replace("_", "-"): each for key, each in coverage.items()}
    return is_paid(unpaid, named, BILLS.get, NOW)


def test_a_paid_week_is_given_back_when_the_unpaid_bill_is_of_the_week_before() -> None:
    assert given_back(BEFORE, paid=covered(7, 14))


@pytest.mark.parametrize(
    "unpaid",
    [
        None,
        bill(),  # it does not say what it covers
        bill(covers=Period(START, day(30))),
        bill(covers=Period(NOW, day(11))),
    ],
)
def test_nothing_is_where_the_unpaid_bill_may_be_for_the_running_time(unpaid: Bill | None) -> None:
    assert not given_back(unpaid, paid=covered(7, 14))


def test_a_bill_that_ends_now_is_not_for_the_time_that_begins() -> None:
    assert given_back(bill(covers=Period(day(7), NOW)), paid=covered(7, 14))


def test_nothing_is_where_nobody_paid() -> None:
    assert not given_back(BEFORE)
    assert not given_back(BEFORE, paid=covered(0, 7))
    assert not given_back(BEFORE, free=covered(7, 14))
    assert not given_back(BEFORE, unknown=covered(7, 14))


def test_nothing_is_of_money_that_went_back() -> None:
    refunded = replace(covered(7, 14), taken_back=TakenBack(day(8), "refunded"))

    assert not given_back(BEFORE, paid=refunded)


def test_a_longer_cycle_that_was_settled_when_a_shorter_one_began_is_not_given_back_twice() -> None:
    assert not given_back(BEFORE, paid=covered(-100, 265), paid_too=covered(1, 8))
    assert not given_back(BEFORE, free=covered(1, 31), paid_too=covered(1, 8))
