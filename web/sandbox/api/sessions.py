"""/v1/checkout/sessions."""

from __future__ import annotations

from typing import Any

from web.sandbox.api.answers import listed
from web.sandbox.api.asked import Asked, Json, Listing, Route
from web.sandbox.api.baskets import ITEM, PAYMENT, lines, payment, with_discount
from web.sandbox.api.confirming import types_given
from web.sandbox.api.params import Params
from web.sandbox.api.problems import needed, unexpected, wrong
from web.sandbox.render.checkout import line_item
from web.sandbox.render.versions import as_told_by
from web.sandbox.truth import visits
from web.sandbox.truth.calendar import DAY, MINUTE
from web.sandbox.truth.customers import Customer
from web.sandbox.truth.sessions import Places, Session

MODES = ("payment", "subscription", "setup")
UI_MODES = {
    "hosted_page": "hosted_page",
    "hosted": "hosted_page",
    "embedded_page": "embedded_page",
    "embedded": "embedded_page",
    "elements": "elements",
    "custom": "elements",
}
"""As the newest version, or versions before 2026-03-25, call them."""
SUBSCRIPTION = "metadata.* trial_period_days"
CREATE = " ".join(
    (
        "mode ui_mode success_url cancel_url return_url customer customer_email customer_creation",
        "client_reference_id metadata.* expires_at currency payment_method_types.# locale",
        "allowed_payment_method_types.# payment_method_options.*",
        "discounts.#.coupon allow_promotion_codes billing_address_collection",
        "customer_update.* redirect_on_completion submit_type",
        "phone_number_collection.enabled saved_payment_method_options.* adaptive_pricing.enabled",
        "payment_method_collection custom_text.* setup_intent_data.metadata.*",
        *(f"line_items.#.{each}" for each in ITEM.split()),
        *(f"payment_intent_data.{each}" for each in PAYMENT.split()),
        *(f"subscription_data.{each}" for each in SUBSCRIPTION.split()),
    )
)
DATA = {
    "payment": "payment_intent_data",
    "subscription": "subscription_data",
    "setup": "setup_intent_data",
}
SLOW_TOO = ("card", "us_bank_account", "sepa_debit")


def create(asked: Asked) -> Session:
    """A visit to Checkout, in a page of the stand-in's."""
    params, truth = asked.params, asked.truth
    mode = params.choice("mode", MODES, "") or _no_mode()
    sold = lines(asked, mode)
    customer = asked.given(Customer, "customer", "customer")
    key = truth.new_id("cs_test_a1")
    offered = _offered(asked, mode)
    session = Session(
        id=key,
        account=asked.account,
        created=truth.now,
        mode=mode,
        currency=sold[0].price.currency if sold else params.text("currency") or "usd",
        amount_subtotal=sum(each.amount for each in sold),
        customer=customer.id if customer else None,
        email=customer.email if customer else params.text("customer_email"),
        client_reference_id=params.text("client_reference_id"),
        metadata=params.metadata(),
        intent_metadata=_data(params, mode).metadata(),
        expires_at=_expires_at(params, truth.now),
        lines=sold,
        places=_places(asked, key),
        offered=offered,
        wish=payment(asked, offered),
        trial_days=params.part("subscription_data").positive("trial_period_days") or 0,
        customer_creation=_creation(params, mode, customer),
    )
    return visits.open_visit(truth, with_discount(asked, session))


def retrieve(asked: Asked) -> Session:
    """One session."""
    return asked.named(Session, "checkout.session")


def expire(asked: Asked) -> Session:
    """Nobody is to complete it any more."""
    session = retrieve(asked)
    if session.status != "open":
        text = f"Only open Checkout Sessions can be expired; this one is {session.status}."
        raise unexpected("resource_state", text)
    return visits.expire(asked.truth, session)


def listing(asked: Asked) -> Listing:
    """Sessions, of one customer, payment or subscription if one is named."""
    params = asked.params
    wanted = {
        "customer": params.text("customer"),
        "intent": params.text("payment_intent"),
        "subscription": params.text("subscription"),
        "status": params.text("status"),
    }
    return Listing(
        [
            each
            for each in asked.all(Session)
            if all(value in (None, getattr(each, name)) for name, value in wanted.items())
        ]
    )


def line_items(asked: Asked) -> Json:
    """What a session sells."""
    return _items(asked, retrieve(asked))


def included_items(asked: Asked, told: Json) -> Any:
    """`line_items` of a session, where they are asked for."""
    return _items(asked, asked.truth.get(Session, told["id"]))


def _items(asked: Asked, session: Session) -> Json:
    items = [as_told_by(asked.version, line_item(each)) for each in session.lines]
    return listed(items, f"/v1/checkout/sessions/{session.id}/line_items")


def _no_mode() -> str:
    raise needed("mode")


def _data(params: Params, mode: str) -> Params:
    return params.part(DATA[mode])


def _offered(asked: Asked, mode: str) -> tuple[str, ...]:
    """The types of methods that can be used: a subscription is begun by card."""
    given = types_given(asked)
    if given:
        return given
    return SLOW_TOO if mode == "payment" else ("card",)


def _expires_at(params: Params, now: int) -> int:
    moment = params.number("expires_at")
    if moment is not None and not now + 30 * MINUTE <= moment <= now + DAY:
        text = "The `expires_at` timestamp must be between 30 minutes and 24 hours from now."
        raise wrong("expires_at", text)
    return now + DAY if moment is None else moment


def _places(asked: Asked, key: str) -> Places:
    """Raises Problem for a visit that would lead nowhere."""
    params = asked.params
    given = params.choice("ui_mode", UI_MODES, "hosted_page")
    mode = UI_MODES[given]
    success, back = params.text("success_url"), params.text("return_url")
    if mode == "hosted_page" and success is None:
        raise needed("success_url")
    stays = params.text("redirect_on_completion") == "never"
    if mode != "hosted_page" and back is None and not stays:
        raise needed("return_url")
    url = f"{asked.base}/c/pay/{key}" if mode == "hosted_page" else None
    return Places(
        ui_mode=mode,
        url=url,
        success_url=success,
        cancel_url=params.text("cancel_url"),
        return_url=back,
    )


def _creation(params: Params, mode: str, customer: Customer | None) -> str | None:
    if mode != "payment" or customer is not None:
        return None
    return params.choice("customer_creation", ("always", "if_required"), "if_required")


ONE = "/v1/checkout/sessions/<id_>"
FILTERS = "customer payment_intent subscription status created.*"
ROUTES = (
    Route("POST", "/v1/checkout/sessions", create, CREATE),
    Route("GET", "/v1/checkout/sessions", listing, FILTERS, lists=True),
    Route("GET", ONE, retrieve),
    Route("POST", f"{ONE}/expire", expire),
    Route("GET", f"{ONE}/line_items", line_items, lists=True),
)
