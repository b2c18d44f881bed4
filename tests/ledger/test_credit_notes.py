"""What is left to pay, with credit notes the newest bill does not know of yet."""

import pytest

from ledger.credit_notes import PrePayment, remaining_minor
from ledger.observations import Bill, InvoiceStatus, Payer
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import day, usd


def owed(status: InvoiceStatus = "open") -> Newest[Bill]:
    """A bill of the third day, with twenty dollars left to pay."""
    bill = Bill(status, Payer(), usd(3000), usd(0), remaining_minor=2000)
    return Newest((Snapshot(bill, day(3)),))


@pytest.mark.parametrize(
    ("note", "left"),
    [
        (PrePayment(500, day(2)), 2000),  # the bill knows it
        (PrePayment(500, day(3)), 2000),  # of the same second: its own change of the bill
        (PrePayment(500, day(4)), 1500),
        (PrePayment(500, day(4), day(5)), 2000),  # neither is known, so nothing changes
        (PrePayment(500, day(1), day(2)), 2000),
        (PrePayment(500, day(2), day(4)), 2500),  # what the bill took off is owed again
        (PrePayment(5000, day(4)), 0),
    ],
)
def test_a_note_counts_unless_the_bill_knows_of_it(note: PrePayment, left: int) -> None:
    assert remaining_minor(owed(), {"cn_1": note}) == left


def test_several_notes_add_up() -> None:
    notes = {"cn_1": PrePayment(500, day(4)), "cn_2": PrePayment(300, day(5))}

    assert remaining_minor(owed(), notes) == 1200


@pytest.mark.parametrize("status", ["paid", "void"])
def test_nothing_is_left_of_what_is_paid_or_withdrawn(status: InvoiceStatus) -> None:
    assert remaining_minor(owed(status), {}) == 0
