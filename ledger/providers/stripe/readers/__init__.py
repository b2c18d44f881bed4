"""The table of event types: which reader says what an event of each type says.

Adding a type is one line here and one payload in the tests.
"""

from __future__ import annotations

from ledger.providers.stripe.observer import Reader
from ledger.providers.stripe.readers import (
    charges,
    checkouts,
    customers,
    disputes,
    intents,
    invoices,
    refunds,
    subscriptions,
)
from ledger.providers.stripe.readers.enclosed import besides

_READERS: dict[str, Reader] = {
    "customer.created": customers.created,
    "customer.updated": customers.updated,
    "customer.deleted": customers.deleted,
    "checkout.session.completed": checkouts.completed,
    "checkout.session.async_payment_succeeded": checkouts.paid_late,
    "checkout.session.async_payment_failed": checkouts.abandoned,
    "checkout.session.expired": checkouts.abandoned,
    "payment_intent.created": intents.created,
    "payment_intent.processing": intents.pending,
    "payment_intent.requires_action": intents.pending,
    "payment_intent.amount_capturable_updated": intents.pending,
    "payment_intent.partially_funded": intents.pending,
    "payment_intent.succeeded": intents.succeeded,
    "payment_intent.payment_failed": intents.failed,
    "payment_intent.canceled": intents.canceled,
    "charge.pending": charges.pending,
    "charge.succeeded": charges.reported,
    "charge.captured": charges.reported,
    "charge.updated": charges.reported,
    "charge.failed": charges.failed,
    "charge.expired": charges.failed,
    "charge.refunded": charges.refunded,
    "charge.refund.updated": refunds.reported,
    "refund.created": refunds.reported,
    "refund.updated": refunds.reported,
    "refund.failed": refunds.reported,
    "charge.dispute.created": disputes.created,
    "charge.dispute.updated": disputes.updated,
    "charge.dispute.funds_withdrawn": disputes.updated,
    "charge.dispute.funds_reinstated": disputes.updated,
    "charge.dispute.closed": disputes.closed,
    "customer.subscription.created": subscriptions.created,
    "customer.subscription.updated": subscriptions.updated,
    "customer.subscription.paused": subscriptions.updated,
    "customer.subscription.resumed": subscriptions.updated,
    "customer.subscription.trial_will_end": subscriptions.updated,
    "customer.subscription.pending_update_applied": subscriptions.updated,
    "customer.subscription.pending_update_expired": subscriptions.updated,
    "customer.subscription.deleted": subscriptions.deleted,
    "invoice.created": invoices.reported,
    "invoice.updated": invoices.reported,
    "invoice.sent": invoices.reported,
    "invoice.finalized": invoices.reported,
    "invoice.paid": invoices.reported,
    "invoice.payment_succeeded": invoices.reported,
    "invoice.payment_failed": invoices.reported,
    "invoice.payment_action_required": invoices.reported,
    "invoice.overdue": invoices.reported,
    "invoice.overpaid": invoices.reported,
    "invoice.will_be_due": invoices.reported,
    "invoice.voided": invoices.reported,
    "invoice.marked_uncollectible": invoices.reported,
    "invoice_payment.paid": invoices.payment,
}

READERS = {type_: besides(reader) for type_, reader in _READERS.items()}
"""The same, with what older objects enclose."""
