"""A payment being tried because somebody asked for it, and what comes of it."""

from __future__ import annotations

from web.sandbox.truth import customers, disputes, dunning, payments
from web.sandbox.truth.calendar import MINUTE
from web.sandbox.truth.cards import AT_ONCE
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.world import Truth

SLOW_SECONDS = 3 * MINUTE
"""How long a bank account takes: days in life, minutes in Stripe's own test mode."""
NOT_ANSWERED = "payment_intent_authentication_failure"


def confirm(truth: Truth, intent: Intent, card: PaymentMethod, asks: bool = True) -> Intent:
    """Try a payment with a card or a bank account. With `asks` false nobody is there to answer
    the bank, so that a card whose bank wants to ask is declined."""
    intent = truth.change(intent, method=card.type)
    if card.type not in AT_ONCE:
        _wait(truth, payments.process(truth, intent, card), card)
    elif card.asks and asks:
        payments.challenge(truth, intent, card)
    elif card.asks:
        payments.decline(truth, intent, card, "authentication_required")
    else:
        _take(truth, intent, card)
    return tried(truth, intent, card)


def answer(truth: Truth, intent: Intent, ok: bool) -> Intent:
    """The payer answered their bank: the card is tried, or the payment needs another one."""
    intent = truth.fresh(intent)
    card = truth.get(PaymentMethod, intent.payment_method or "")
    if ok:
        _take(truth, truth.change(intent, challenge=None), card)
    else:
        payments.refuse(truth, intent, NOT_ANSWERED)
    return tried(truth, intent, card)


def settle(truth: Truth, charge: Charge, code: str | None = None) -> Intent:
    """The bank account was asked at last: the money comes or, with a `code`, does not."""
    intent = truth.get(Intent, charge.intent)
    if truth.fresh(charge).status != "pending":
        return intent
    if code is None:
        payments.settle(truth, truth.fresh(charge))
    else:
        payments.bounce(truth, truth.fresh(charge), code)
    return tried(truth, intent, truth.get(PaymentMethod, charge.payment_method))


def tried(truth: Truth, intent: Intent, card: PaymentMethod) -> Intent:
    """What else comes of a try: a card is kept, a bill is paid, the payer goes to the bank."""
    intent = truth.fresh(intent)
    took = intent.status in {"succeeded", "processing", "requires_capture"}
    if took and intent.setup_future_usage:
        keep(truth, intent.customer, card)
    dunning.attempted(truth, intent)
    if intent.status == "succeeded" and card.disputes:
        truth.later(truth.now + 1, lambda: _dispute(truth, intent))
    return truth.fresh(intent)


def keep(truth: Truth, customer: str | None, card: PaymentMethod) -> None:
    """The customer keeps a card that was to be kept, unless they have it already."""
    owner = truth.find(Customer, customer)
    if owner is not None and truth.fresh(card).customer is None:
        customers.attach(truth, card, owner, set_up=True)


def _take(truth: Truth, intent: Intent, card: PaymentMethod) -> None:
    take = payments.hold if intent.capture == "manual" else payments.take
    take(truth, intent, card)


def _wait(truth: Truth, charge: Charge, card: PaymentMethod) -> None:
    def asked() -> None:
        settle(truth, charge, card.declines)

    truth.later(truth.now + SLOW_SECONDS, asked)


def _dispute(truth: Truth, intent: Intent) -> None:
    disputes.dispute(truth, intent, reason="fraudulent")
