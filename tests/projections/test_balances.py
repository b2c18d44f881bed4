"""Balances: a wallet's sums after each of its events."""

from ledger.aggregates.credit_wallet import Granted, GrantWithdrawn, Revoked, Spent, Totals
from projections.balances import Balance
from tests.projections.given import WALLET, given, rows


def test_a_balance_adds_up() -> None:
    events = given(
        WALLET,
        Granted(grant_id="pi_1", credits=10, totals=Totals(10)),
        Spent(key="k", credits=4, totals=Totals(10, 4)),
    )

    assert rows("balances", *events) == [Balance(WALLET, "user_1", "", 10, 4, 0, 6, 0)]


def test_what_is_taken_back_after_it_was_spent_is_a_shortfall() -> None:
    events = given(WALLET, Revoked(grant_id="pi_1", revoked=10, totals=Totals(10, 4, 10)))

    (row,) = rows("balances", *events)
    assert isinstance(row, Balance)
    assert (row.available, row.shortfall) == (0, 4)
    assert row.granted + row.shortfall == row.spent + row.revoked + row.available


def test_a_customer_whose_only_grant_was_anothers_has_no_row() -> None:
    events = given(
        WALLET,
        Granted(grant_id="pi_1", credits=10, totals=Totals(10)),
        GrantWithdrawn(grant_id="pi_1", totals=Totals()),
    )

    assert rows("balances", *events) == []
