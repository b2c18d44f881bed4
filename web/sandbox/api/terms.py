"""What a call says about a subscription: prices, quantities, cards and who shares in the bills."""

from __future__ import annotations

from web.sandbox.api.asked import Asked
from web.sandbox.api.params import Params
from web.sandbox.api.problems import declined, missing, needed, unexpected, wrong
from web.sandbox.render.payments import error_code, message
from web.sandbox.truth.catalog import Price
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.subscriptions import Split, Terms

PAYMENT_BEHAVIORS = (
    "allow_incomplete",
    "default_incomplete",
    "error_if_incomplete",
    "pending_if_incomplete",
)
MISSING_CARD = ("create_invoice", "pause", "cancel")
SAVES = ("off", "on_subscription")
ONLY = ("charge_automatically",)
"""How bills are collected: the stand-in mails none."""
TRIAL_END = "trial_settings.end_behavior.missing_payment_method"
SPLITS = "application_fee_percent transfer_data.destination transfer_data.amount_percent"
ASKS = (
    "Payment for this subscription requires additional user action before it can be completed "
    "successfully."
)
KEEPS = "payment_settings.save_default_payment_method"


def terms(asked: Asked, customer: Customer) -> Terms:
    """The terms of a new subscription. Raises Problem for what Stripe would refuse."""
    params = asked.params
    item = only_item(params)
    params.choice("collection_method", ONLY, ONLY[0])
    return Terms(
        price=_in_currency(price(asked, item), customer),
        quantity=quantity(item, 1),
        metadata=params.metadata(),
        card=card(asked, customer),
        keeps_card=keeps_card(params, otherwise=False),
        left_open=payment_behavior(params) == "default_incomplete",
        split=split(params, Split()),
        trial_days=params.positive("trial_period_days") or 0,
        missing_card=missing_card(params, "create_invoice"),
    )


def only_item(params: Params) -> Params:
    """The one item. Raises Problem for another number of them: the stand-in sells one."""
    items = params.parts("items")
    if not items:
        raise needed(params.named("items"))
    if len(items) != 1:
        text = f"The sandbox knows subscriptions of exactly one item, not of {len(items)}."
        raise wrong(params.named("items"), text)
    return items[0]


def price(asked: Asked, item: Params) -> Price:
    """The price an item names, which has to be a recurring one."""
    key = item.need("price")
    found = asked.find(Price, "price", key, item.named("price"))
    if not found.active:
        text = "The price specified is inactive. This field only accepts active prices."
        raise wrong(item.named("price"), text)
    if found.interval is None:
        text = (
            "The price specified is set to `type=one_time` but this field only accepts prices "
            f"with `type=recurring`: {key}"
        )
        raise wrong(item.named("price"), text)
    return found


def _in_currency(price: Price, customer: Customer) -> Price:
    """Raises Problem for another currency than the customer was ever billed in."""
    if customer.currency not in (None, price.currency):
        text = (
            "You cannot combine currencies on a single customer. This customer has had a "
            f"subscription, coupon, or invoice item with currency {customer.currency}"
        )
        raise wrong("items[0][price]", text)
    return price


def quantity(item: Params, otherwise: int) -> int:
    """How many are bought; none is allowed."""
    found = item.number("quantity")
    if found is not None and found < 0:
        text = "This value must be greater than or equal to 0."
        raise wrong(item.named("quantity"), text, "parameter_invalid_integer")
    return otherwise if found is None else found


def card(asked: Asked, customer: Customer) -> str | None:
    """The card a subscription is to be charged to, which has to be the customer's."""
    key = asked.params.text("default_payment_method")
    if key is None:
        return None
    found = asked.truth.find(PaymentMethod, key)
    if found is None or found.customer != customer.id:
        text = (
            f"The customer does not have a payment method with the ID {key}. "
            "The payment method must be attached to the customer."
        )
        raise wrong("default_payment_method", text, "resource_missing")
    return found.id


def keeps_card(params: Params, otherwise: bool) -> bool:
    """Whether the card that pays in the page becomes the subscription's."""
    settings, name = params.part("payment_settings"), "save_default_payment_method"
    if name not in settings:
        return otherwise
    return settings.choice(name, SAVES, "off") == "on_subscription"


def missing_card(params: Params, otherwise: str) -> str:
    """What becomes of a trial that ends without a card."""
    ends = params.part("trial_settings").part("end_behavior")
    return ends.choice("missing_payment_method", MISSING_CARD, otherwise)


def payment_behavior(params: Params) -> str:
    """What is to happen to a first bill, or one due at once."""
    return params.choice("payment_behavior", PAYMENT_BEHAVIORS, "allow_incomplete")


def split(params: Params, old: Split) -> Split:
    """Who shares in the bills. Raises Problem for what is no account or no percentage."""
    transfer = params.part("transfer_data")
    destination, percent = old.destination, old.destination_percent
    if "transfer_data" in params:
        destination, percent = transfer.text("destination"), _percent(transfer, "amount_percent")
    if destination is not None and not destination.startswith("acct_"):
        raise missing("destination", destination, transfer.named("destination"))
    named = "application_fee_percent" in params
    fee = _percent(params, "application_fee_percent") if named else old.fee_percent
    return Split(destination, percent, fee)


def afford(asked: Asked, customer: Customer, key: str | None, certain: bool) -> None:
    """Raises Problem when there is no card to pay with, or (`certain`) one that will not pay."""
    key = key or customer.default_payment_method
    found = asked.truth.find(PaymentMethod, key)
    if found is None:
        text = (
            "This customer has no attached payment source or default payment method. "
            "Please consider adding a default payment method."
        )
        raise unexpected("resource_missing", text)
    if certain and found.asks:
        raise declined("subscription_payment_intent_requires_action", ASKS)
    if certain and found.declines is not None:
        code = found.declines
        raise declined(error_code(code), message(code), decline_code=code)


def _percent(params: Params, name: str) -> float | None:
    """A percentage above 0 with at most two decimals, if one is given."""
    text = params.text(name)
    if text is None:
        return None
    try:
        value = float(text)
    except ValueError:
        value = -1
    if not 0 < value <= 100 or round(value, 2) != value:
        text = f"Invalid decimal: {text}; must be between 0 and 100, with two decimals at most"
        raise wrong(params.named(name), text)
    return value
