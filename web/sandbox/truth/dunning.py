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
    if invoice.amount_due == 0 or _try(truth, invoice):
        recover(truth, settlement.settle(truth, invoice))
    else:
        _retry_later(truth, invoice)


def collect_first(truth: Truth, subscription: Subscription, invoice: Invoice) -> bool:
    """Try to collect the first bill; on success the subscription becomes active."""
    if not _try(truth, invoice):
        settlement.fail(truth, invoice, next_attempt=None)
        return False
    settlement.settle(truth, invoice)
    subscriptions.change(truth, subscription, status="active")
    return True


def pay_now(truth: Truth, invoice: Invoice, card: PaymentMethod) -> bool:
    """The customer pays an open bill with another card, which is used from now on."""
    subscription = truth.get(Subscription, invoice.subscription or "")
    subscriptions.change(truth, subscription, card=card.id)
    invoice = truth.fresh(invoice)
    paid = _try(truth, invoice)
    if paid:
        recover(truth, settlement.settle(truth, invoice))
    return paid


def recover(truth: Truth, invoice: Invoice) -> None:
    """A bill was paid: what had stopped for want of money goes on."""
    customers.set_delinquent(truth, invoice.customer, delinquent=False)
    subscription = truth.get(Subscription, invoice.subscription or "")
    if subscription.status in {"incomplete", "past_due", "unpaid"}:
        subscriptions.change(truth, subscription, status="active")


def _try(truth: Truth, invoice: Invoice) -> bool:
    card = truth.get(PaymentMethod, _card(truth, invoice))
    return payments.pay(truth, truth.get(Intent, invoice.intent or ""), card)


def _card(truth: Truth, invoice: Invoice) -> str:
    """The subscription's own card, else the customer's."""
    if invoice.subscription:
        own = truth.get(Subscription, invoice.subscription).card
        if own:
            return own
    return truth.get(Customer, invoice.customer).default_payment_method or ""


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
