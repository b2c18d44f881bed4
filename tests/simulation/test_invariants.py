"""A year that arrives late, twice and out of order: the sums hold after every single batch."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from msgspec.structs import replace

from ledger.aggregates.credit_wallet import CreditWallet
from ledger.books import Books
from ledger.delivery import Delivery
from ledger.errors import InsufficientCredits
from ledger.event import Cause
from ledger.ids import Scope
from replay.memory import MemoryLedger
from tests.simulation.in_memory import NOW, RULES, START, deliveries
from tests.simulation.invariants import RULES as INVARIANTS
from tests.simulation.invariants import Rule, Tables, broken, payments_of_invoices, rows_of
from web.sandbox.faults import Attempt, Faults, plan, with_spends
from web.sandbox.lives.stories import STORIES
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.invoices import Invoice
from web.sandbox.truth.spends import Spend
from web.sandbox.year import Year, simulate

CUSTOMERS = len(STORIES)  # one for each story
FAULTS = Faults(duplicates=0.15, shuffle=0.3, delay_seconds=40 * DAY, drops=0.05, outages=3)
LARGEST_BATCH = 60


@pytest.fixture(scope="module", params=[11, 12])
def year(request: pytest.FixtureRequest) -> Year:
    return simulate(request.param, CUSTOMERS, START)


def test_after_every_batch_of_a_disturbed_year_the_sums_hold(year: Year) -> None:
    ledger, random = MemoryLedger(RULES), Random("batches")
    told = deliveries(year.bodies())
    attempts = plan([fact.at for fact in year.facts], FAULTS, random)
    spent, batch, size = 0, list[Delivery](), 1

    for entry in with_spends(attempts, year.spends):
        if isinstance(entry, Attempt):
            batch.append(told[entry.event])
        if isinstance(entry, Spend) or len(batch) >= size:
            ledger.keep(batch, NOW)
            batch, size = [], random.randint(1, LARGEST_BATCH)
            spent += isinstance(entry, Spend) and spends(ledger, entry)
            assert broken(ledger.rows) == []
    ledger.keep(batch, NOW)

    assert broken(ledger.rows) == []
    assert spent, "some credits were there to be spent"
    assert not ledger.outcomes["refused"]
    assert_receipts_are_the_money_that_came(ledger.rows, year)


BREAKS: dict[str, tuple[str, dict[str, object]]] = {
    "no_number_is_negative": ("balances", {"available": -1}),
    "movements_come_to_what_is_left": ("balance_transactions", {"net_minor": 1}),
    "no_more_goes_out_than_came_in": ("purchases", {"refunded_minor": 10**9}),
    "credits_add_up": ("balances", {"spent": 999}),
    "credits_come_of_paid_purchases": ("balances", {"granted": 999}),
    "no_payment_has_two_receipts": ("purchases", {"invoice_id": "in_x"}),
    "an_invoice_is_not_paid_twice": ("paid_invoices", {"amount_paid_minor": 0}),
    "access_names_a_source_that_was_paid": ("entitlements", {"source_id": "nothing"}),
}
"""Rule -> what breaks it, done to all rows of a table."""


@pytest.mark.parametrize("rule", INVARIANTS, ids=lambda rule: rule.__name__)
def test_every_rule_notices_when_it_is_broken(rule: Rule, year: Year) -> None:
    ledger = MemoryLedger(RULES)
    ledger.keep(deliveries(year.bodies()), NOW)
    table, changes = BREAKS[rule.__name__]
    changed = {key: replace(row, **changes) for key, row in ledger.rows[table].items()}

    assert list(rule(ledger.rows)) == []
    assert list(rule({**ledger.rows, table: changed}))


def spends(ledger: MemoryLedger, spend: Spend) -> bool:
    """The application's command, as far as there are credits."""
    books = Books(ledger.load)
    scope = Scope("stripe", livemode=False, account=spend.account)
    wallet = books.get(CreditWallet, scope.stream(CreditWallet.CATEGORY, spend.customer_id))
    at = datetime.fromtimestamp(spend.at, UTC)
    try:
        wallet.spend(spend.key, spend.credits, Cause(f"spend/{spend.key}", at, NOW))
    except InsufficientCredits:
        return False
    books.keep()
    ledger.append(books.collect_events())
    return True


def assert_receipts_are_the_money_that_came(tables: Tables, year: Year) -> None:
    """Once all is told: what sales and invoices' payments brought, and what came without one."""
    receipts = {
        (row.account, row.invoice_id): row.amount_paid_minor
        for row in rows_of(tables, "paid_invoices")
    }
    by_invoice = payments_of_invoices(tables)
    by_hand = {
        (each.account, each.id): each.amount_paid
        for each in year.truth.as_of().all(Invoice)
        if each.out_of_band and each.status == "paid"
    }
    sales = {
        (row.account, row.purchase_id): row.paid_minor
        for row in rows_of(tables, "purchases")
        if row.invoice_id is None and (row.account, row.purchase_id) in receipts
    }
    free = {key: 0 for key, minor in receipts.items() if minor == 0}
    assert by_hand
    assert receipts == {**free, **by_invoice, **by_hand, **sales}
