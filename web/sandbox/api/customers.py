"""/v1/customers."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Json, Listing, Route
from web.sandbox.api.methods import attached, by_id
from web.sandbox.api.problems import missing, wrong
from web.sandbox.truth import customers, subscriptions
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.subscriptions import Subscription

TEXTS = ("email", "name", "phone", "description")
DEFAULT = "default_payment_method"
WRITABLE = f"{' '.join(TEXTS)} metadata.* invoice_settings.{DEFAULT}"


def create(asked: Asked) -> Customer:
    """A new customer, perhaps with a card."""
    params = asked.params
    more = {name: params.text(name) for name in ("phone", "description", "test_clock")}
    email, name = params.text("email"), params.text("name")
    customer = customers.register(
        asked.truth, asked.account, email, name, params.metadata(), **more
    )
    card = params.text("payment_method")
    if card is not None:
        attached(asked, by_id(asked, card, "payment_method"), customer)
    return customers.change(asked.truth, customer, **_default(asked, customer))


def retrieve(asked: Asked) -> Customer | Json:
    """One customer, or that it was deleted."""
    customer = asked.named(Customer, "customer")
    return gone(customer) if customer.deleted_at else customer


def update(asked: Asked) -> Customer:
    """Says what is other than before; the rest stays."""
    customer, params = _living(asked), asked.params
    changes: dict[str, object] = {name: params.text(name) for name in TEXTS if name in params}
    if "metadata" in params:
        changes["metadata"] = params.metadata(customer.metadata)
    return customers.change(asked.truth, customer, **changes, **_default(asked, customer))


def listing(asked: Asked) -> Listing:
    """The customers that are there, by e-mail if one is given: the very same letters."""
    email = asked.params.text("email")
    return Listing(
        [
            customer
            for customer in asked.all(Customer)
            if customer.deleted_at is None and email in (None, customer.email)
        ]
    )


def delete(asked: Asked) -> Json:
    """Forgets a customer, whose subscriptions end with it."""
    customer = _living(asked)
    for each in asked.all(Subscription):
        if each.customer == customer.id and each.ended_at is None:
            subscriptions.end(asked.truth, each, "cancellation_requested")
    return gone(customers.delete(asked.truth, customer))


def gone(customer: Customer) -> Json:
    """What is left of a customer that was deleted."""
    return {"id": customer.id, "object": "customer", "deleted": True}


def _living(asked: Asked) -> Customer:
    """The customer the address names. Raises Problem for one that was deleted."""
    customer = asked.named(Customer, "customer")
    if customer.deleted_at is not None:
        raise missing("customer", customer.id)
    return customer


def _default(asked: Asked, customer: Customer) -> dict[str, str | None]:
    """The card future bills are paid by, if one is named: one the customer keeps."""
    settings = asked.params.part("invoice_settings")
    if DEFAULT not in settings:
        return {}
    key = settings.text(DEFAULT)
    if key is None:
        return {DEFAULT: None}
    card = asked.find(PaymentMethod, "PaymentMethod", key, settings.named(DEFAULT))
    if card.customer != customer.id:
        text = (
            f"The customer does not have a payment method with the ID {key}. The payment method "
            "must be attached to the customer."
        )
        raise wrong(settings.named(DEFAULT), text, "resource_missing")
    return {DEFAULT: key}


ROUTES = (
    Route("POST", "/v1/customers", create, f"{WRITABLE} payment_method test_clock"),
    Route("GET", "/v1/customers", listing, "email created.* test_clock", lists=True),
    Route("GET", "/v1/customers/<id_>", retrieve),
    Route("POST", "/v1/customers/<id_>", update, WRITABLE),
    Route("DELETE", "/v1/customers/<id_>", delete),
)
