"""What holds of the tables at any moment, whatever has arrived and whatever has not yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from projections.engine import Rows

Tables = Mapping[str, Rows]
Rule = Callable[[Tables], Iterator[object]]

SIGNED = {"balance_transactions"}
"""Tables in which money that left is negative."""

NOT_OURS = ("other_platform", "quarantined")


def broken(tables: Tables) -> list[tuple[str, object]]:
    """Every rule that does not hold, with the row that breaks it."""
    return [(rule.__name__, row) for rule in RULES for row in rule(tables)]


def no_number_is_negative(tables: Tables) -> Iterator[object]:
    for name, rows in tables.items():
        for row in rows.values() if name not in SIGNED else ():
            values = (getattr(row, name) for name in row.__struct_fields__)
            if any(isinstance(value, int) and value < 0 for value in values):
                yield row


def movements_come_to_what_is_left(tables: Tables) -> Iterator[object]:
    """What the balance gains is what moved, less what that cost."""
    for row in rows_of(tables, "balance_transactions"):
        if row.net_minor != row.amount_minor - row.fee_minor:
            yield row


def no_more_goes_out_than_came_in(tables: Tables) -> Iterator[object]:
    """So that in each currency what came in is what is held and what went out."""
    for row in _paid(tables):
        if row.refunded_minor + row.lost_minor > row.paid_minor or row.currency is None:
            yield row


def credits_add_up(tables: Tables) -> Iterator[object]:
    """granted + shortfall = spent + revoked + available, and nobody has both of the last two."""
    for row in rows_of(tables, "balances"):
        adds_up = row.granted + row.shortfall == row.spent + row.revoked + row.available
        if not adds_up or (row.available and row.shortfall) or row.revoked > row.granted:
            yield row


def credits_come_of_paid_purchases(tables: Tables) -> Iterator[object]:
    """All that wallets were granted is what their owners' paid purchases hold."""
    bought: dict[tuple[str, str], int] = defaultdict(int)
    for row in _paid(tables):
        if row.customer_id is not None and row.status not in NOT_OURS:
            bought[row.account, row.customer_id] += row.credits
    granted = {(row.account, row.customer_id): row.granted for row in rows_of(tables, "balances")}
    for owner in bought.keys() | granted.keys():
        if bought.get(owner, 0) != granted.get(owner, 0):
            yield owner, bought.get(owner, 0), granted.get(owner, 0)


def no_payment_has_two_receipts(tables: Tables) -> Iterator[object]:
    """The receipt of a sale is its payment's; one that pays an invoice has none of its own."""
    purchases = {(row.account, row.purchase_id): row for row in rows_of(tables, "purchases")}
    for receipt in rows_of(tables, "paid_invoices"):
        row = purchases.get((receipt.account, receipt.invoice_id))
        if row is not None and (
            row.invoice_id is not None
            or row.status in NOT_OURS
            or (row.paid_minor, row.refunded_minor)
            != (receipt.amount_paid_minor, receipt.amount_refunded_minor)
        ):
            yield receipt


def an_invoice_is_not_paid_twice(tables: Tables) -> Iterator[object]:
    """What payments say they paid of it is no more than it says was paid."""
    paying, back = payments_of_invoices(tables), _refunds_of_invoices(tables)
    for receipt in rows_of(tables, "paid_invoices"):
        key = receipt.account, receipt.invoice_id
        if paying.get(key, 0) > receipt.amount_paid_minor or (
            key in paying and back[key] != receipt.amount_refunded_minor
        ):
            yield receipt


def access_names_a_source_that_was_paid(tables: Tables) -> Iterator[object]:
    paid = {(row.account, row.purchase_id): row for row in _paid(tables)}
    plans = {(row.account, row.subscription_id): row for row in rows_of(tables, "subscriptions")}
    invoiced = {(row.account, row.subscription_id) for row in rows_of(tables, "paid_invoices")}
    for row in rows_of(tables, "entitlements"):
        source = row.account, row.source_id
        giver = paid.get(source) if row.source_kind == "purchase" else plans.get(source)
        given = row.source_kind == "purchase" or row.trial or source in invoiced
        if giver is None or not given or giver.customer_id != row.customer_id:
            yield row


RULES: tuple[Rule, ...] = (
    no_number_is_negative,
    movements_come_to_what_is_left,
    no_more_goes_out_than_came_in,
    credits_add_up,
    credits_come_of_paid_purchases,
    no_payment_has_two_receipts,
    an_invoice_is_not_paid_twice,
    access_names_a_source_that_was_paid,
)


def payments_of_invoices(tables: Tables) -> dict[tuple[str, str], int]:
    """What payments brought, by the invoice they pay."""
    return _sums((row, row.paid_minor) for row in _paid(tables))


def _refunds_of_invoices(tables: Tables) -> dict[tuple[str, str], int]:
    return _sums((row, row.refunded_minor) for row in _paid(tables))


def _sums(amounts: Iterable[tuple[Any, int]]) -> dict[tuple[str, str], int]:
    sums: dict[tuple[str, str], int] = defaultdict(int)
    for row, minor in amounts:
        if row.invoice_id is not None:
            sums[row.account, row.invoice_id] += minor
    return sums


def _paid(tables: Tables) -> list[Any]:
    return [row for row in rows_of(tables, "purchases") if row.paid_at is not None]


def rows_of(tables: Tables, name: str) -> Iterable[Any]:
    """The rows of one table."""
    return tables[name].values()
