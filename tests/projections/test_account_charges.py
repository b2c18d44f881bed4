"""Charges as they stand, each folded whole from the last event that changed it."""

from ledger.account_standing import ChargeStanding, Debt
from ledger.aggregates.charge_account import Settled
from ledger.money import Money
from projections.account_charges import AccountCharge
from tests.projections.given import DAY, JAN_1, given, rows

ACCOUNT = "charge_account/stripe/live//ann"
DEBT = Debt(Money(1000, "usd"), "Rent", JAN_1)


def test_a_charge_is_open_until_it_is_paid() -> None:
    opened = ChargeStanding(DEBT, "open")
    paid = ChargeStanding(DEBT, "paid", JAN_1 + DAY, "pi_1")

    events = given(
        ACCOUNT, Settled(charges={"may": opened, "june": opened}), Settled(charges={"may": paid})
    )

    row = AccountCharge(
        stream=ACCOUNT,
        charge_id="june",
        account="",
        customer_id="ann",
        status="open",
        currency="usd",
        amount_minor=1000,
        description="Rent",
        due_at=JAN_1,
    )
    may, june = sorted(rows("account_charges", *events), key=lambda each: each.status != "paid")  # type: ignore[attr-defined] # rows of one table
    assert june == row
    assert isinstance(may, AccountCharge)
    assert (may.charge_id, may.status, may.paid_at, may.purchase_id) == (
        "may",
        "paid",
        JAN_1 + DAY,
        "pi_1",
    )
