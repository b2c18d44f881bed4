"""Visits to Checkout as somebody makes them: a card is entered, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from web.sandbox.truth import billing, cards, checkout, confirmation, customers, payments, setups
from web.sandbox.truth.cards import Kind
from web.sandbox.truth.confirmation import SLOW_SECONDS
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.intents import Asked, Intent
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.setups import Setup
from web.sandbox.truth.subscriptions import Terms
from web.sandbox.truth.world import Truth

UNTRIED = {"requires_payment_method", "requires_confirmation", "requires_action"}


def open_visit(truth: Truth, session: Session) -> Session:
    """A session the API was asked for; it expires by itself."""
    truth.add(session)
    truth.later(session.expires_at, lambda: _expire(truth, session))
    return session


def pay(truth: Truth, session: Session, kind: Kind, email: str | None = None) -> Session:
    """The visitor enters a card, or a bank account; the session is complete once that works.

    A card whose bank asks leaves the session open until `answered`, as a declined one does.
    """
    session = truth.change(session, email=session.email or email, method=kind.type)
    session = _with_customer(truth, session)
    method = cards.make(truth, session.account, kind, email=session.email)
    return MODES[session.mode](truth, session, method)


def expire(truth: Truth, session: Session) -> Session:
    """Nobody will complete it: the payment that was tried in it, if any, is canceled as well."""
    intent = truth.find(Intent, truth.fresh(session).intent)
    if intent is not None and intent.status in UNTRIED:
        payments.cancel(truth, intent, "automatic")
    return checkout.expire(truth, session)


def answered(truth: Truth, intent: Intent) -> None:
    """The bank had its answer: the session the intent was made for, if any, is complete."""
    intent = truth.fresh(intent)
    for session in truth.all(Session):
        if session.intent == intent.id and session.status == "open":
            _paid(truth, session, intent)


def settled(truth: Truth, intent: Intent) -> None:
    """Slow money came or did not: the session of the payment is told."""
    intent = truth.fresh(intent)
    for session in truth.all(Session):
        if session.intent == intent.id and session.payment_status == "unpaid":
            SETTLED.get(intent.status, _nothing)(truth, session)


def _pay(truth: Truth, session: Session, method: PaymentMethod) -> Session:
    if session.amount_total == 0:
        return checkout.complete_free(truth, session)
    intent = _intent(truth, session)
    session = truth.change(session, intent=intent.id)
    return _paid(truth, session, confirmation.confirm(truth, intent, method))


def _subscribe(truth: Truth, session: Session, method: PaymentMethod) -> Session:
    """Since 2025-03-31 the money comes first, then the subscription and its invoice."""
    if session.trial_days or session.amount_total == 0:
        return _subscribed(truth, session, method, None)
    intent = _intent(truth, session)
    session = truth.change(session, intent=intent.id)
    return _paid(truth, session, confirmation.confirm(truth, intent, method))


def _save(truth: Truth, session: Session, method: PaymentMethod) -> Session:
    setup = Setup(
        id=truth.new_id("seti_1"),
        account=session.account,
        created=truth.now,
        customer=session.customer,
        metadata=session.intent_metadata,
    )
    setup = setups.confirm(truth, setups.open_setup(truth, setup), method)
    if setup.status != "succeeded":
        return truth.fresh(session)
    changes = {"setup": setup.id, "payment_status": "no_payment_required"}
    return checkout.completed(truth, session, **changes)


MODES: dict[str, Callable[[Truth, Session, PaymentMethod], Session]] = {
    "payment": _pay,
    "subscription": _subscribe,
    "setup": _save,
}


def _paid(truth: Truth, session: Session, intent: Intent) -> Session:
    """Completes the session if the try led to anything; otherwise it stays open."""
    session = truth.fresh(session)
    if intent.status not in {"succeeded", "processing", "requires_capture"}:
        return session
    method = truth.get(PaymentMethod, intent.payment_method or "")
    if session.mode == "subscription":
        return _subscribed(truth, session, method, intent)
    if intent.status == "processing":
        truth.later(truth.now + SLOW_SECONDS, lambda: settled(truth, intent))
        return checkout.completed(truth, session)
    return checkout.completed(truth, session, payment_status="paid", paid_at=truth.now)


def _subscribed(
    truth: Truth, session: Session, method: PaymentMethod, paid_by: Intent | None
) -> Session:
    customer = truth.get(Customer, session.customer or "")
    confirmation.keep(truth, customer.id, method)
    sold = session.lines[0]
    terms = Terms(
        price=sold.price,
        quantity=sold.quantity,
        metadata=session.intent_metadata,
        card=method.id,
        trial_days=session.trial_days,
    )
    subscription = billing.subscribe(truth, customer, terms, paid_by=paid_by)
    changes = {"subscription": subscription.id, "invoice": subscription.latest_invoice}
    status = "paid" if paid_by else "no_payment_required"
    # The invoice names the payment from now on; the session does so in mode 'payment' only.
    return checkout.completed(
        truth, session, **changes, intent=None, payment_status=status, paid_at=truth.now
    )


def _money_came(truth: Truth, session: Session) -> None:
    changes = {"payment_status": "paid", "paid_at": truth.now}
    truth.change(session, "checkout.session.async_payment_succeeded", **changes)


def _money_failed(truth: Truth, session: Session) -> None:
    truth.change(session, "checkout.session.async_payment_failed", given_up_at=truth.now)


def _nothing(truth: Truth, session: Session) -> None:
    """The payment is still on its way."""


SETTLED = {"succeeded": _money_came, "requires_payment_method": _money_failed}


def _intent(truth: Truth, session: Session) -> Intent:
    """The payment of the session: a card that was declined leaves it to the next one."""
    opened = truth.find(Intent, session.intent)
    if opened is not None:
        return opened
    wish = session.wish or Asked(account=session.account, amount=session.amount_total)
    asked = replace(
        wish,
        amount=session.amount_total,
        currency=session.currency,
        customer=session.customer,
        email=session.email,
    )
    return payments.open_intent(truth, asked)


def _with_customer(truth: Truth, session: Session) -> Session:
    """Checkout makes a customer where it needs one or was asked to."""
    if session.customer or not (
        session.mode == "subscription" or session.customer_creation == "always"
    ):
        return session
    made = customers.register(truth, session.account, session.email, None, {})
    return truth.change(session, customer=made.id)


def _expire(truth: Truth, session: Session) -> None:
    if truth.fresh(session).status == "open":
        expire(truth, session)
