"""What confirming payments and setups have in common: which card, and what went wrong."""

from __future__ import annotations

from typing import Any

from web.sandbox.api.answers import shown
from web.sandbox.api.asked import Asked
from web.sandbox.api.methods import DATA, by_id, from_data
from web.sandbox.api.problems import Problem, declined, unexpected, unknown, wrong
from web.sandbox.render.payments import error_code, message
from web.sandbox.truth.customers import PaymentMethod
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.setups import Setup

METHOD = "payment_method payment_method_options.* " + " ".join(
    f"payment_method_data.{each}" for each in DATA.split()
)
TYPES = "payment_method_types.# allowed_payment_method_types.#"
RENAMED_SINCE = "2026-09-30"
CONFIRM = (
    f"{METHOD} return_url off_session error_on_requires_action use_stripe_sdk client_secret "
    "mandate mandate_data.* setup_future_usage receipt_email"
)


def types_given(asked: Asked) -> tuple[str, ...]:
    """The types of methods to be offered. Raises Problem for the name of another version."""
    old, new = "payment_method_types", "allowed_payment_method_types"
    name, other = (new, old) if asked.version >= RENAMED_SINCE else (old, new)
    if other in asked.params:
        raise unknown(other)
    return tuple(asked.params.texts(name))


def check_secret(asked: Asked, noun: Intent | Setup, what: str) -> None:
    """Raises Problem when a browser does not know the secret of what it asks for."""
    secret = asked.params.text("client_secret")
    if secret not in (None, noun.secret) or (asked.public and secret is None):
        text = f"The client_secret provided does not match any associated {what} on this account."
        raise wrong("client_secret", text, "resource_missing")


def method_given(asked: Asked, kept: str | None = None) -> PaymentMethod | None:
    """The method named, or entered; else the one of id `kept`."""
    params = asked.params
    if "payment_method_data" in params:
        return from_data(asked, params.part("payment_method_data"))
    key = params.text("payment_method") or kept
    return None if key is None else by_id(asked, key, "payment_method")


def check_owner(method: PaymentMethod, customer: str | None) -> None:
    """Raises Problem for a method somebody else keeps."""
    if method.customer not in (None, customer):
        text = (
            "The provided PaymentMethod cannot be attached. To reuse a PaymentMethod, you must "
            "attach it to a Customer first, and use it with that Customer."
        )
        raise wrong("payment_method", text)


def unexpected_state(noun: Intent | Setup, what: str, word: str, doing: str) -> Problem:
    """What cannot be done in the state a payment or a setup is in."""
    text = f"This {what}'s {word} could not be {doing} because it has a status of {noun.status}."
    return unexpected(f"{what.removesuffix('Intent').lower()}_intent_unexpected_state", text)


def refused(asked: Asked, noun: Intent | Setup, method: PaymentMethod) -> Problem:
    """A 402: the card did not work; the payment as it is now comes with it."""
    reason = noun.error or "generic_decline"
    name = "payment_intent" if isinstance(noun, Intent) else "setup_intent"
    more: dict[str, Any] = {name: shown(asked, noun), "payment_method": shown(asked, method)}
    if isinstance(noun, Intent):
        more["charge"] = noun.latest_charge
    return declined(error_code(reason), message(reason), decline_code=reason, **more)
