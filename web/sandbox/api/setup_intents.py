"""/v1/setup_intents."""

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
from web.sandbox.api.problems import unexpected
from web.sandbox.truth import setups
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.setups import Setup

WHAT = "SetupIntent"
UNTRIED = {"requires_payment_method", "requires_confirmation", "requires_action"}
WRITABLE = f"{METHOD} customer description metadata.* usage on_behalf_of"
CREATE = (
    f"{WRITABLE} {CONFIRM} {TYPES} automatic_payment_methods.enabled confirm flow_directions.# "
    "automatic_payment_methods.allow_redirects"
)


def create(asked: Asked) -> Setup:
    """A card to be saved, at once with `confirm`."""
    setup = setups.open_setup(asked.truth, _wanted(asked))
    method = method_given(asked)
    if method is None:
        return setup
    check_owner(method, setup.customer)
    if asked.params.flag("confirm"):
        return _confirmed(asked, setup, method)
    changes = {"payment_method": method.id, "status": "requires_confirmation"}
    return asked.truth.change(setup, **changes)


def retrieve(asked: Asked) -> Setup:
    """One setup; a browser has to know its secret."""
    setup = asked.named(Setup, "setupintent")
    check_secret(asked, setup, "setup_intent")
    return setup


def update(asked: Asked) -> Setup:
    """Another description or other metadata."""
    setup, params = asked.named(Setup, "setupintent"), asked.params
    changes: dict[str, object] = {"metadata": params.metadata(setup.metadata)}
    if "description" in params:
        changes["description"] = params.text("description")
    return asked.truth.change(setup, **changes)


def confirm(asked: Asked) -> Setup:
    """Tries to save the card; 402 when its bank refuses."""
    setup = asked.named(Setup, "setupintent")
    check_secret(asked, setup, "setup_intent")
    if setup.status not in UNTRIED:
        raise unexpected_state(setup, WHAT, "payment_method", "confirmed")
    method = method_given(asked, setup.payment_method)
    if method is None:
        text = "You cannot confirm this SetupIntent because it's missing a payment method."
        raise unexpected("setup_intent_unexpected_state", text)
    check_owner(method, setup.customer)
    return _confirmed(asked, setup, method)


def cancel(asked: Asked) -> Setup:
    """Gives it up."""
    setup = asked.named(Setup, "setupintent")
    if setup.status not in UNTRIED:
        raise unexpected_state(setup, WHAT, "status", "canceled")
    return setups.cancel(asked.truth, setup, asked.params.text("cancellation_reason"))


def listing(asked: Asked) -> Listing:
    """Setups, of one customer if one is named."""
    customer = asked.given(Customer, "customer", "customer")
    found = (each for each in asked.all(Setup) if not customer or each.customer == customer.id)
    return Listing(list(found))


def _confirmed(asked: Asked, setup: Setup, method: PaymentMethod) -> Setup:
    if "return_url" in asked.params:
        setup = asked.truth.change(setup, return_url=asked.params.text("return_url"))
    tried = setups.confirm(asked.truth, setup, method)
    if tried.status == "requires_payment_method":
        raise refused(asked, tried, method)
    return tried


def _wanted(asked: Asked) -> Setup:
    params, truth = asked.params, asked.truth
    customer = asked.given(Customer, "customer", "customer")
    offered = types_given(asked)
    return Setup(
        id=truth.new_id("seti_1"),
        account=asked.account,
        created=truth.now,
        customer=customer.id if customer else None,
        description=params.text("description"),
        metadata=params.metadata(),
        usage=params.choice("usage", ("off_session", "on_session"), "off_session"),
        offered=offered or ("card",),
        automatic=not offered,
    )


ONE = "/v1/setup_intents/<id_>"
ROUTES = (
    Route("POST", "/v1/setup_intents", create, CREATE),
    Route("GET", "/v1/setup_intents", listing, "customer created.*", lists=True),
    Route("GET", ONE, retrieve, "client_secret", public=True),
    Route("POST", ONE, update, WRITABLE),
    Route("POST", f"{ONE}/confirm", confirm, CONFIRM, public=True),
    Route("POST", f"{ONE}/cancel", cancel, "cancellation_reason"),
)
