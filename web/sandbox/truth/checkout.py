"""What comes of a visit to Checkout: paid, paid later, free, expired, subscribed."""

from __future__ import annotations

from dataclasses import replace

from web.sandbox.truth import billing, customers, payments
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.intents import Asked, Charge, Intent
from web.sandbox.truth.sessions import Basket, Session
from web.sandbox.truth.subscriptions import Subscription, Terms
from web.sandbox.truth.world import Truth


def open_session(truth: Truth, basket: Basket) -> Session:
    """The customer is sent to Checkout; Stripe has no event for that."""
    session = Session(
        id=truth.new_id("cs_test_a1"),
        account=basket.account,
        created=truth.now,
        mode=basket.mode,
        currency="usd",
        amount_subtotal=basket.amount,
        discount=basket.discount,
        customer=basket.customer,
        email=basket.email,
        client_reference_id=basket.client_reference_id,
        metadata=dict(basket.metadata),
        intent_metadata=dict(basket.intent_metadata),
        method=basket.method,
        expires_at=truth.now + DAY,
    )
    return truth.add(session)


def complete(truth: Truth, session: Session) -> Session:
    """The customer pays by card: the payment is made only now, with the money."""
    intent = _intent(truth, session)
    payments.pay(truth, intent, _card(truth, session))
    changes = {"intent": intent.id, "payment_status": "paid", "paid_at": truth.now}
    return completed(truth, session, **changes)


def complete_free(truth: Truth, session: Session) -> Session:
    """A coupon took the whole price: nothing to pay, and so no payment intent."""
    changes = {"payment_status": "no_payment_required", "paid_at": truth.now}
    return completed(truth, session, **changes)


def complete_later(truth: Truth, session: Session) -> Charge:
    """The customer chose a method that takes days: completed, but unpaid."""
    intent = _intent(truth, session)
    charge = payments.process(truth, intent, _card(truth, session))
    completed(truth, session, intent=intent.id)
    return charge


def money_came(truth: Truth, session: Session, charge: Charge) -> Session:
    """`checkout.session.async_payment_succeeded`."""
    payments.settle(truth, charge)
    changes = {"payment_status": "paid", "paid_at": truth.now}
    return truth.change(session, "checkout.session.async_payment_succeeded", **changes)


def money_failed(truth: Truth, session: Session, charge: Charge) -> Session:
    """`checkout.session.async_payment_failed`."""
    payments.bounce(truth, charge, "insufficient_funds")
    return truth.change(session, "checkout.session.async_payment_failed", given_up_at=truth.now)


def completed(truth: Truth, session: Session, **changes: object) -> Session:
    """The visit is over: `checkout.session.completed`, whether or not the money is there."""
    return truth.change(session, "checkout.session.completed", status="complete", **changes)


def expire(truth: Truth, session: Session) -> Session:
    """Nobody completed it within a day: `checkout.session.expired`."""
    return truth.change(
        session, "checkout.session.expired", status="expired", given_up_at=truth.now
    )


def complete_subscription(
    truth: Truth, session: Session, customer: Customer, terms: Terms
) -> Subscription:
    """Since 2025-03-31 the money comes first, then the subscription and its invoice."""
    card = customers.attach_card(truth, customer)
    intent = _intent(truth, session, "Subscription creation")
    payments.pay(truth, intent, card)
    terms = replace(terms, card=card.id)
    subscription = billing.subscribe(truth, customer, terms, paid_by=truth.fresh(intent))
    invoice = subscription.latest_invoice
    changes = {"subscription": subscription.id, "invoice": invoice, "payment_status": "paid"}
    completed(truth, session, **changes, paid_at=truth.now)
    return subscription


def _intent(truth: Truth, session: Session, description: str | None = None) -> Intent:
    asked = Asked(
        account=session.account,
        amount=session.amount_total,
        currency=session.currency,
        customer=session.customer,
        description=description,
        metadata=session.intent_metadata,
        email=session.email,
        method=session.method,
    )
    return payments.open_intent(truth, asked)


def _card(truth: Truth, session: Session) -> PaymentMethod:
    """A method used once, on this page only."""
    card = PaymentMethod(
        id=truth.new_id("pm_1"),
        account=session.account,
        created=truth.now,
        customer=session.customer,
        last4="4242" if session.method == "card" else "3000",
    )
    return truth.add(card)
