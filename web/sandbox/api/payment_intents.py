"""/v1/payment_intents."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.api.confirming import (
    CONFIRM,
    METHOD,
    TYPES,
    check_owner,
    check_secret,
    method_given,
    refused,
    types_given,
    unexpected_state,
)
from web.sandbox.api.params import Params
from web.sandbox.api.problems import needed, unexpected, wrong
from web.sandbox.truth import confirmation, payments
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.intents import Asked as Wanted
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.sessions import Session

WHAT = "PaymentIntent"
UNTRIED = {"requires_payment_method", "requires_confirmation", "requires_action"}
OPEN = UNTRIED | {"requires_capture"}
AUTOMATIC = ("card", "us_bank_account", "sepa_debit")
LEAST_MINOR = 50
PASSED_ON = (
    "transfer_data.destination transfer_data.amount application_fee_amount on_behalf_of "
    "transfer_group"
)
TEXTS = ("description", "receipt_email", "setup_future_usage", "transfer_group")
WRITABLE = f"{METHOD} amount currency customer metadata.* application_fee_amount {' '.join(TEXTS)}"
CREATE = (
    f"{WRITABLE} {CONFIRM} {TYPES} {PASSED_ON} capture_method confirm "
    "automatic_payment_methods.enabled automatic_payment_methods.allow_redirects"
)


def create(asked: Asked) -> Intent:
    """A payment to be made, at once with `confirm`."""
    intent = payments.open_intent(asked.truth, _wanted(asked))
    if asked.params.flag("confirm"):
        return _confirmed_with(asked, intent, method_given(asked))
    return _with_method(asked, intent)


def retrieve(asked: Asked) -> Intent:
    """One payment; a browser has to know its secret."""
    intent = asked.named(Intent, "payment_intent")
    check_secret(asked, intent, "payment_intent")
    return intent


def update(asked: Asked) -> Intent:
    """Says what is other than before, while the payment is not made."""
    intent, params = asked.named(Intent, "payment_intent"), asked.params
    if intent.status not in UNTRIED and set(params.tree) - {"metadata", "description", "expand"}:
        raise unexpected_state(intent, WHAT, "amount", "updated")
    changes: dict[str, object] = {name: params.text(name) for name in TEXTS if name in params}
    if "amount" in params:
        changes["amount"] = _amount(params)
    if "currency" in params:
        changes["currency"] = params.need("currency").lower()
    if "customer" in params:
        changes["customer"] = _customer(asked)
    if "metadata" in params:
        changes["metadata"] = params.metadata(intent.metadata)
    if "application_fee_amount" in params:
        changes["fee_minor"] = params.number("application_fee_amount")
    return _with_method(asked, asked.truth.change(intent, **changes))


def confirm(asked: Asked) -> Intent:
    """Tries the payment; 402 when the card does not work."""
    intent = asked.named(Intent, "payment_intent")
    check_secret(asked, intent, "payment_intent")
    if intent.status not in UNTRIED:
        raise unexpected_state(intent, WHAT, "payment_method", "confirmed")
    return _confirmed_with(asked, intent, method_given(asked, intent.payment_method))


def _with_method(asked: Asked, intent: Intent) -> Intent:
    """A payment that knows what it is to be tried with, if that was given."""
    method = method_given(asked)
    if method is None:
        return intent
    check_owner(method, intent.customer)
    changes = {"payment_method": method.id, "status": "requires_confirmation"}
    return asked.truth.change(intent, **changes)


def _confirmed_with(asked: Asked, intent: Intent, method: PaymentMethod | None) -> Intent:
    """The payment once it was tried. Raises Problem (402) when the card does not work."""
    params = asked.params
    if method is None:
        text = (
            "You cannot confirm this PaymentIntent because it's missing a payment method. "
            "Update the PaymentIntent with a payment method and then confirm it again."
        )
        raise unexpected("payment_intent_unexpected_state", text)
    check_owner(method, intent.customer)
    if method.type not in (intent.offered or AUTOMATIC):
        text = f"The PaymentMethod provided ({method.type}) is not allowed for this PaymentIntent."
        raise wrong("payment_method", text)
    changes: dict[str, object] = {
        name: params.text(name)
        for name in ("return_url", "setup_future_usage", "receipt_email")
        if name in params
    }
    intent = asked.truth.change(intent, **changes)
    asks = not (params.flag("off_session") or params.flag("error_on_requires_action"))
    tried = confirmation.confirm(asked.truth, intent, method, asks)
    if tried.status == "requires_payment_method":
        raise refused(asked, tried, method)
    return tried


def cancel(asked: Asked) -> Intent:
    """Gives a payment up."""
    intent = asked.named(Intent, "payment_intent")
    if intent.invoice is not None:
        text = "You cannot cancel this PaymentIntent because it was created by an invoice."
        raise unexpected("payment_intent_unexpected_state", text)
    if any(each.intent == intent.id for each in asked.all(Session)):
        text = "You cannot cancel this PaymentIntent because it was created by Checkout."
        raise unexpected("payment_intent_unexpected_state", text)
    if intent.status not in OPEN:
        raise unexpected_state(intent, WHAT, "status", "canceled")
    reason = asked.params.text("cancellation_reason")
    return payments.cancel(asked.truth, intent, reason)


def capture(asked: Asked) -> Intent:
    """Takes money that was set aside, or a part of it."""
    intent = asked.named(Intent, "payment_intent")
    if intent.status != "requires_capture":
        raise unexpected_state(intent, WHAT, "amount", "captured")
    amount = asked.params.positive("amount_to_capture") or intent.amount_capturable
    if amount > intent.amount_capturable:
        text = "The amount to capture is greater than the amount that can be captured."
        raise wrong("amount_to_capture", text, "amount_too_large")
    return payments.capture(asked.truth, intent, amount)


def listing(asked: Asked) -> Listing:
    """Payments, of one customer if one is named."""
    customer = _customer(asked)
    return Listing(
        [each for each in asked.all(Intent) if customer in (None, each.customer)],
    )


def _wanted(asked: Asked) -> Wanted:
    params = asked.params
    offered = types_given(asked)
    passed_on, switch = params.part("transfer_data"), params.part("automatic_payment_methods")
    known = ("automatic", "automatic_async", "manual")
    return Wanted(
        account=asked.account,
        amount=_amount(params),
        currency=params.need("currency").lower(),
        customer=_customer(asked),
        description=params.text("description"),
        metadata=params.metadata(),
        email=params.text("receipt_email"),
        capture=params.choice("capture_method", known, "automatic_async"),
        offered=offered,
        automatic=not offered and switch.flag("enabled") is not False,
        setup_future_usage=params.text("setup_future_usage"),
        destination=passed_on.need("destination") if "transfer_data" in params else None,
        transfer_minor=passed_on.positive("amount"),
        fee_minor=params.number("application_fee_amount"),
        on_behalf_of=params.text("on_behalf_of"),
        transfer_group=params.text("transfer_group"),
    )


def _amount(params: Params) -> int:
    amount = params.positive("amount")
    if amount is None:
        raise needed("amount")
    if amount < LEAST_MINOR:
        text = "Amount must be at least $0.50 usd"
        raise wrong("amount", text, "amount_too_small")
    return amount


def _customer(asked: Asked) -> str | None:
    customer = asked.given(Customer, "customer", "customer")
    return None if customer is None else customer.id


ONE = "/v1/payment_intents/<id_>"
ROUTES = (
    Route("POST", "/v1/payment_intents", create, CREATE),
    Route("GET", "/v1/payment_intents", listing, "customer created.*", lists=True),
    Route("GET", ONE, retrieve, "client_secret", public=True),
    Route("POST", ONE, update, WRITABLE),
    Route("POST", f"{ONE}/confirm", confirm, CONFIRM, public=True),
    Route("POST", f"{ONE}/cancel", cancel, "cancellation_reason"),
    Route("POST", f"{ONE}/capture", capture, "amount_to_capture metadata.*"),
)
