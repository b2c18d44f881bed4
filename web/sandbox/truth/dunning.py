"""Collecting an invoice: attempts, retries and what becomes of the subscription."""

from __future__ import annotations

from web.sandbox.truth import customers, payments, settlement, subscriptions
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.invoices import Invoice
from web.sandbox.truth.subscriptions import Subscription
from web.sandbox.truth.world import Truth

RETRY_DAYS = {"canceled": (2, 3, 4), "unpaid": (1, 2, 3)}
"""Days between tries, by what is given up as: one ends after a week of grace, one within it."""


def collect(truth: Truth, invoice: Invoice) -> None:
    """Try to collect an open bill of a renewal; when it fails, try again after some days."""
    invoice = truth.fresh(invoice)
    if invoice.status != "open":
        return
    if charge(truth, invoice):
        recover(truth, settlement.settle(truth, invoice))
    else:
        _retry_later(truth, invoice)


def collect_once(truth: Truth, invoice: Invoice) -> bool:
    """Try to collect an open bill; whether it is paid then."""
    paid = charge(truth, invoice)
    if paid:
        recover(truth, settlement.settle(truth, invoice))
    else:
        settlement.fail(truth, invoice, next_attempt=None)
    return paid


def collect_first(truth: Truth, subscription: Subscription, invoice: Invoice) -> bool:
    """Try to collect the first bill; on success the subscription becomes active."""
    if not charge(truth, invoice):
        settlement.fail(truth, invoice, next_attempt=None)
        return False
    settlement.settle(truth, invoice)
    subscriptions.change(truth, subscription, status="active")
    return True


def attempted(truth: Truth, intent: Intent) -> None:
    """A payment was tried that Stripe did not try by itself: what comes of it for the bill it
    is to pay, if it is to pay one."""
    intent = truth.fresh(intent)
    invoice = truth.get(Invoice, intent.invoice) if intent.invoice else None
    if invoice is not None and invoice.status in {"open", "uncollectible"}:
        ATTEMPTS.get(intent.status, _nothing_yet)(truth, invoice)


def pay_now(truth: Truth, invoice: Invoice, card: PaymentMethod) -> bool:
    """The customer pays an open bill with another card, which is used from now on."""
    subscription = truth.get(Subscription, invoice.subscription or "")
    subscriptions.change(truth, subscription, card=card.id)
    invoice = truth.fresh(invoice)
    paid = charge(truth, invoice)
    if paid:
        recover(truth, settlement.settle(truth, invoice))
    return paid


def recover(truth: Truth, invoice: Invoice) -> None:
    """A bill was paid: what had stopped for want of money goes on."""
    customers.set_delinquent(truth, invoice.customer, delinquent=False)
    if invoice.subscription is None:
        return
    subscription = truth.get(Subscription, invoice.subscription)
    if subscription.pending is not None and subscription.latest_invoice == invoice.id:
        subscription = subscriptions.come_to_pass(truth, subscription, subscription.pending)
    if subscription.status in {"incomplete", "past_due", "unpaid"}:
        subscriptions.change(truth, subscription, status="active")
    elif subscription.status == "paused" and subscription.latest_invoice == invoice.id:
        subscriptions.go_on(truth, subscription)


def card_of(truth: Truth, subscription: Subscription) -> str | None:
    """What a subscription is charged to: its own card while that is kept, else the customer's."""
    own = truth.find(PaymentMethod, truth.fresh(subscription).card)
    if own is not None and own.customer == subscription.customer:
        return own.id
    return truth.get(Customer, subscription.customer).default_payment_method


def charge(truth: Truth, invoice: Invoice) -> bool:
    """Try the card of an open bill; whether it is paid now. Without one there is nothing to try."""
    if invoice.amount_due == 0:
        return True
    key = _card(truth, invoice)
    intent = truth.get(Intent, invoice.intent or "")
    paid = key is not None and payments.pay(truth, intent, truth.get(PaymentMethod, key))
    if truth.fresh(intent).status == "requires_action":
        truth.tell(invoice, "invoice.payment_action_required")
    return paid


def _card(truth: Truth, invoice: Invoice) -> str | None:
    if invoice.subscription:
        return card_of(truth, truth.get(Subscription, invoice.subscription))
    return truth.get(Customer, invoice.customer).default_payment_method


def _was_paid(truth: Truth, invoice: Invoice) -> None:
    subscription = truth.get(Subscription, invoice.subscription) if invoice.subscription else None
    card = truth.get(Intent, invoice.intent or "").payment_method
    if subscription is not None and subscription.keeps_card and subscription.card != card:
        subscriptions.change(truth, subscription, card=card)
    recover(truth, settlement.settle(truth, invoice))


def _was_not_paid(truth: Truth, invoice: Invoice) -> None:
    if truth.get(Intent, invoice.intent or "").error is not None:
        settlement.fail(truth, invoice, invoice.next_attempt, retry=False)


def _asks_the_payer(truth: Truth, invoice: Invoice) -> None:
    truth.tell(invoice, "invoice.payment_action_required")


def _nothing_yet(truth: Truth, invoice: Invoice) -> None:
    """The money is on its way."""


ATTEMPTS = {
    "succeeded": _was_paid,
    "requires_payment_method": _was_not_paid,
    "requires_action": _asks_the_payer,
}
"""By the status of a payment after it was tried."""


def _retry_later(truth: Truth, invoice: Invoice) -> None:
    subscription = truth.get(Subscription, invoice.subscription or "")
    left = RETRY_DAYS[subscription.gives_up_as][invoice.attempts :]
    again = truth.now + left[0] * DAY if left else None
    invoice = settlement.fail(truth, invoice, again)
    customers.set_delinquent(truth, invoice.customer, delinquent=True)
    if again is None:
        _give_up(truth, subscription)
        return
    if subscription.status == "active":
        subscriptions.change(truth, subscription, status="past_due")
    truth.later(again, lambda: _collect_again(truth, invoice))


def _collect_again(truth: Truth, invoice: Invoice) -> None:
    subscription = truth.get(Subscription, invoice.subscription or "")
    if subscription.ended_at is None:
        collect(truth, invoice)


def _give_up(truth: Truth, subscription: Subscription) -> None:
    """Every retry failed."""
    if subscription.gives_up_as == "unpaid":
        subscriptions.change(truth, subscription, status="unpaid")
    else:
        subscriptions.end(truth, subscription, "payment_failed")
