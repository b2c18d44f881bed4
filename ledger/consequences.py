"""What follows from a change: whose it is, its effects, and whom else they reach.

Facts flow one way: customer -> who owns a payment, invoice or subscription; payment -> invoice ->
subscription; payment -> wallet, payment -> account of charges.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ledger import mirrors
from ledger.aggregates.charge_account import ChargeAccount
from ledger.aggregates.credit_wallet import CreditWallet
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.invoice_events import Settlement
from ledger.aggregates.mirror import Mirror
from ledger.aggregates.mirrors import MIRRORS, CreditNote
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from ledger.credit_notes import PrePayment
from ledger.desk import Desk
from ledger.effects import AccountCredit, Grant
from ledger.ids import parse_stream
from ledger.ownership import attribute, disown, owner_finder


def settle_all(desk: Desk) -> None:
    """Settles what is on the desk, and all that this puts there."""
    while (stream := desk.next_unsettled()) is not None:
        kind, settle = SETTLE[stream.partition("/")[0]]
        settle(desk, desk.books.get(kind, stream))


def settle_purchase(desk: Desk, purchase: Purchase) -> None:
    """Whose it is, what it gives, and what the wallet and the invoice it pays must know."""
    ours = desk.policy.owns(purchase.terms.platform)
    (attribute if ours else disown)(desk, purchase, purchase.terms.opened_at)
    before, credited = purchase.grant, purchase.account_credit
    purchase.resolve(desk.policy, desk.why)
    key = parse_stream(purchase.id).key
    if purchase.grant != before:
        _move_grant(desk, key, before, purchase.grant)
    if purchase.account_credit != credited:
        _move_credit(desk, key, credited, purchase.account_credit)
    for invoice_id in purchase.invoice_ids if purchase.received else ():
        _tell_invoice(desk, key, purchase, desk.get(Invoice, invoice_id))


def _tell_invoice(desk: Desk, key: str, purchase: Purchase, invoice: Invoice) -> None:
    """What came of a payment; of one that is said to settle several, each is told all of it."""
    paid_minor = purchase.received.minor if purchase.received else 0
    settlement = Settlement(purchase.refunds.minor, purchase.taken_back, paid_minor)
    if invoice.link_payment(key, settlement, desk.why):
        desk.unsettle(invoice.id)


def _move_grant(desk: Desk, key: str, before: Grant | None, after: Grant | None) -> None:
    """Brings a purchase's credits to the wallet they belong to now."""
    if before and (after is None or after.customer_id != before.customer_id):
        desk.get(CreditWallet, before.customer_id).withdraw(key, desk.why)
    if after:
        desk.get(CreditWallet, after.customer_id).hold(key, after, desk.why)


def _move_credit(
    desk: Desk, key: str, before: AccountCredit | None, after: AccountCredit | None
) -> None:
    """Brings a purchase's money to the account whose charges it is for now."""
    if before and (after is None or after.customer_id != before.customer_id):
        desk.get(ChargeAccount, before.customer_id).hold(key, None, desk.why)
    if after:
        desk.get(ChargeAccount, after.customer_id).hold(key, after, desk.why)


def settle_invoice(desk: Desk, invoice: Invoice) -> None:
    """Whose it is, its receipt, and what its subscription must know."""
    if invoice.bill is None:
        return
    attribute(desk, invoice)
    invoice.resolve(desk.why)
    if invoice.subscription_id:
        subscription = desk.get(Subscription, invoice.subscription_id)
        if subscription.cover(parse_stream(invoice.id).key, invoice.coverage, desk.why):
            desk.unsettle(subscription.id)


def uncover(desk: Desk, subscription_id: str, invoice_id: str) -> None:
    """What an invoice said it pays for must not outlive that report."""
    subscription = desk.get(Subscription, subscription_id)
    if subscription.cover(invoice_id, None, desk.why):
        desk.unsettle(subscription.id)


def settle_subscription(desk: Desk, subscription: Subscription) -> None:
    """Whose it is, and the access it gives."""
    if subscription.plan is None:
        return
    attribute(desk, subscription, subscription.plan.started_at)
    subscription.resolve(desk.policy, desk.why)


def settle_mirror(desk: Desk, mirror: Mirror) -> None:
    """Whose it is, and what the invoice it changes must know."""
    mirror.settle(owner_finder(desk, mirror), desk.why)
    if isinstance(mirror, CreditNote) and mirror.facts.standing:
        _credit_invoice(desk, parse_stream(mirror.id).key, mirror.facts.standing.state)


def _credit_invoice(desk: Desk, key: str, note: mirrors.CreditNote) -> None:
    """Only what is taken off before payment is the invoice's: the rest comes back as refunds."""
    if note.invoice_id:
        credit = PrePayment(note.pre_payment_minor, note.created, note.voided_at)
        invoice = desk.get(Invoice, note.invoice_id)
        if invoice.credit(key, credit, desk.why):
            desk.unsettle(invoice.id)


SETTLE: dict[str, tuple[type[Any], Callable[[Desk, Any], None]]] = {
    Purchase.CATEGORY: (Purchase, settle_purchase),
    Invoice.CATEGORY: (Invoice, settle_invoice),
    Subscription.CATEGORY: (Subscription, settle_subscription),
    **{category: (kind, settle_mirror) for category, kind in MIRRORS.items()},
}
"""Category of a stream -> what it is, and how it is settled."""
