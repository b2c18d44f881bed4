"""Payments being opened, paid, declined and canceled: money on its way to us."""

from __future__ import annotations

from web.sandbox.truth.customers import PaymentMethod
from web.sandbox.truth.intents import Asked, Charge, Intent
from web.sandbox.truth.transactions import CHARGE, PAYMENT, book, fee_minor
from web.sandbox.truth.world import Truth

FEE_SETTLES_SECONDS = 2
PASSED_ON = ("destination", "transfer_minor", "fee_minor", "on_behalf_of", "transfer_group")
"""What a charge has from its intent, and that from what was asked."""


def open_intent(truth: Truth, asked: Asked) -> Intent:
    """A payment that may come: `payment_intent.created`."""
    intent = Intent(
        id=truth.new_id("pi_3"),
        account=asked.account,
        created=truth.now,
        amount=asked.amount,
        currency=asked.currency,
        customer=asked.customer,
        description=asked.description,
        metadata=dict(asked.metadata),
        receipt_email=asked.email,
        invoice=asked.invoice,
        method=asked.method,
        capture=asked.capture,
        offered=asked.offered,
        automatic=asked.automatic,
        setup_future_usage=asked.setup_future_usage,
        **{name: getattr(asked, name) for name in PASSED_ON},
    )
    return truth.add(intent, "payment_intent.created")


def pay(truth: Truth, intent: Intent, card: PaymentMethod) -> bool:
    """Try a card: the money comes (True), or not: the issuer declines it, or wants to ask the
    payer first (then the intent's status is 'requires_action')."""
    if card.asks:
        challenge(truth, intent, card)
        return False
    return take(truth, intent, card)


def challenge(truth: Truth, intent: Intent, card: PaymentMethod) -> Intent:
    """The payer is to answer their bank: `payment_intent.requires_action`."""
    page = f"{truth.site}/sandbox/challenge/{intent.id}"
    changes = {"status": "requires_action", "payment_method": card.id, "challenge": page}
    return truth.change(intent, "payment_intent.requires_action", **changes)


def take(truth: Truth, intent: Intent, card: PaymentMethod) -> bool:
    """Take the money from a card, whose payer need not be asked: it comes, or it does not."""
    if card.declines is not None:
        decline(truth, intent, card, card.declines)
        return False
    charge = _charge(truth, intent, card, status="succeeded", amount_captured=intent.amount)
    truth.add(charge, "charge.succeeded")
    _succeed(truth, intent, charge)
    return True


def hold(truth: Truth, intent: Intent, card: PaymentMethod) -> bool:
    """Let the issuer set the money aside, to be captured later."""
    if card.declines is not None:
        decline(truth, intent, card, card.declines)
        return False
    charge = truth.add(_charge(truth, intent, card, status="succeeded"), "charge.succeeded")
    changes = {"status": "requires_capture", "amount_capturable": intent.amount, "error": None}
    used = {"latest_charge": charge.id, "payment_method": card.id, "challenge": None}
    truth.change(intent, "payment_intent.amount_capturable_updated", **changes, **used)
    return True


def capture(truth: Truth, intent: Intent, amount: int) -> Intent:
    """Take what was set aside, or a part of it; the rest is let go."""
    charge = truth.get(Charge, truth.fresh(intent).latest_charge or "")
    changes = {"amount_captured": amount, "amount_refunded": charge.amount - amount}
    charge = truth.change(charge, "charge.captured", **changes)
    _succeed(truth, truth.change(intent, amount_capturable=0), charge)
    return truth.fresh(intent)


def process(truth: Truth, intent: Intent, card: PaymentMethod) -> Charge:
    """A method that takes days was used: the charge is pending until `settle` or `bounce`."""
    charge = truth.add(_charge(truth, intent, card, status="pending"), "charge.pending")
    changes = {"status": "processing", "latest_charge": charge.id, "payment_method": card.id}
    truth.change(intent, "payment_intent.processing", **changes, error=None, challenge=None)
    return charge


def settle(truth: Truth, charge: Charge) -> None:
    """The pending money came after all."""
    changes = {"status": "succeeded", "amount_captured": charge.amount}
    charge = truth.change(charge, "charge.succeeded", **changes)
    _succeed(truth, truth.get(Intent, charge.intent), charge)


def bounce(truth: Truth, charge: Charge, code: str) -> None:
    """The pending money will not come."""
    truth.change(charge, "charge.failed", status="failed", failure_code=code)
    _fail(truth, truth.get(Intent, charge.intent), charge, code)


def decline(truth: Truth, intent: Intent, card: PaymentMethod, code: str) -> None:
    """The issuer said no at once: `charge.failed` and `payment_intent.payment_failed`."""
    charge = _charge(truth, intent, card, status="failed", failure_code=code)
    truth.add(charge, "charge.failed")
    _fail(truth, intent, charge, code)


def refuse(truth: Truth, intent: Intent, code: str) -> Intent:
    """The payer did not answer their bank as it wanted: no charge was made."""
    changes = {"status": "requires_payment_method", "error": code, "challenge": None}
    return truth.change(intent, "payment_intent.payment_failed", **changes, payment_method=None)


def cancel(truth: Truth, intent: Intent, reason: str | None) -> Intent:
    """Nobody will pay this: `payment_intent.canceled`."""
    changes = {"status": "canceled", "canceled_at": truth.now, "cancellation_reason": reason}
    changes |= {"amount_capturable": 0, "challenge": None}
    return truth.change(intent, "payment_intent.canceled", **changes)


def _charge(truth: Truth, intent: Intent, card: PaymentMethod, **more: object) -> Charge:
    fields: dict[str, object] = {
        "id": truth.new_id("ch_3" if intent.method == "card" else "py_3"),
        "account": intent.account,
        "created": truth.now,
        "amount": intent.amount,
        "currency": intent.currency,
        "customer": intent.customer,
        "intent": intent.id,
        "method": intent.method,
        "payment_method": card.id,
        "last4": card.last4,
        "brand": card.brand,
        **{name: getattr(intent, name) for name in PASSED_ON},
        "description": intent.description,
        "metadata": intent.metadata,
        "email": intent.receipt_email,
    }
    return Charge(**{**fields, **more})  # type: ignore[arg-type]  # the table above has the types


def _succeed(truth: Truth, intent: Intent, charge: Charge) -> None:
    changes = {
        "status": "succeeded",
        "amount_received": charge.amount_captured,
        "latest_charge": charge.id,
        "payment_method": charge.payment_method,
        "error": None,
        "challenge": None,
        "paid_at": truth.now,
    }
    truth.change(intent, "payment_intent.succeeded", **changes)
    truth.later(truth.now + FEE_SETTLES_SECONDS, lambda: _book(truth, charge))


def _fail(truth: Truth, intent: Intent, charge: Charge, code: str) -> None:
    changes = {"status": "requires_payment_method", "latest_charge": charge.id, "error": code}
    gone = {"payment_method": None, "challenge": None}
    truth.change(intent, "payment_intent.payment_failed", **changes, **gone)


def _book(truth: Truth, charge: Charge) -> None:
    """Captured asynchronously (the default since 2024-04-10), a charge learns its fee later."""
    charge = truth.fresh(charge)
    key, kind = truth.new_id("txn_3"), CHARGE if charge.method == "card" else PAYMENT
    amount = charge.amount_captured
    moved = book(truth, key, charge, kind, amount, fee_minor(amount))
    truth.change(charge, "charge.updated", balance_transaction=moved)
