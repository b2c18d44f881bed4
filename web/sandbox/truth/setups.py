"""Setup intents: a card being saved without a payment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from web.sandbox.truth import confirmation
from web.sandbox.truth.customers import PaymentMethod
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup(Noun):
    """An intent to save a card for a customer; `challenge` is where its bank asks the payer."""

    customer: str | None
    description: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    usage: str = "off_session"
    offered: tuple[str, ...] = ("card",)
    automatic: bool = True
    status: str = "requires_payment_method"
    payment_method: str | None = None
    challenge: str | None = None
    return_url: str | None = None
    error: str | None = None
    cancellation_reason: str | None = None

    @property
    def secret(self) -> str:
        """What a browser needs to save a card by it."""
        return f"{self.id}_secret_sandbox"


def open_setup(truth: Truth, setup: Setup) -> Setup:
    """A card may be saved: `setup_intent.created`."""
    return truth.add(setup, "setup_intent.created")


def confirm(truth: Truth, setup: Setup, card: PaymentMethod) -> Setup:
    """Try to save a card: it is, its bank refuses, or wants to ask first."""
    if card.authenticates and not card.set_up:
        page = f"{truth.site}/sandbox/challenge/{setup.id}"
        changes = {"status": "requires_action", "payment_method": card.id, "challenge": page}
        return truth.change(setup, "setup_intent.requires_action", **changes)
    return _save(truth, setup, card)


def answer(truth: Truth, setup: Setup, ok: bool) -> Setup:
    """The payer answered the bank."""
    setup = truth.fresh(setup)
    if ok:
        return _save(truth, setup, truth.get(PaymentMethod, setup.payment_method or ""))
    return _fail(truth, setup, "setup_intent_authentication_failure")


def cancel(truth: Truth, setup: Setup, reason: str | None) -> Setup:
    """Nobody will save a card by this: `setup_intent.canceled`."""
    changes = {"status": "canceled", "cancellation_reason": reason, "challenge": None}
    return truth.change(setup, "setup_intent.canceled", **changes)


def _save(truth: Truth, setup: Setup, card: PaymentMethod) -> Setup:
    """A card that only declines charges later (last four 0341) can be saved, as Stripe's can."""
    if card.declines is not None and card.last4 != "0341":
        return _fail(truth, setup, card.declines)
    confirmation.keep(truth, setup.customer, card)
    changes = {"status": "succeeded", "payment_method": card.id, "challenge": None, "error": None}
    return truth.change(setup, "setup_intent.succeeded", **changes)


def _fail(truth: Truth, setup: Setup, code: str) -> Setup:
    changes = {"status": "requires_payment_method", "payment_method": None, "challenge": None}
    return truth.change(setup, "setup_intent.setup_failed", **changes, error=code)
