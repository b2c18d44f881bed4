"""/v1/customers."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Json, Listing, Route
from web.sandbox.truth import customers
from web.sandbox.truth.customers import Customer, PaymentMethod

WRITABLE = (
    "email name description phone metadata.* invoice_settings.default_payment_method payment_method"
)


def create(asked: Asked) -> Customer:
    """A new customer."""
    params = asked.params
    email, name = params.text("email"), params.text("name")
    return customers.register(asked.truth, asked.account, email, name, params.metadata())


def retrieve(asked: Asked) -> Customer | Json:
    """One customer, or that it was deleted."""
    customer = asked.named(Customer, "customer")
    return gone(customer) if customer.deleted_at else customer


def update(asked: Asked) -> Customer:
    """Says what is other than before; the rest stays."""
    customer, params = asked.named(Customer, "customer"), asked.params
    changes: dict[str, object] = {
        name: params.text(name) for name in ("email", "name") if name in params
    }
    if "metadata" in params:
        changes["metadata"] = params.metadata(customer.metadata)
    settings = params.part("invoice_settings")
    if "default_payment_method" in settings:
        changes["default_payment_method"] = _card(asked, settings.text("default_payment_method"))
    return customers.change(asked.truth, customer, **changes)


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
    """Forgets a customer."""
    return gone(customers.delete(asked.truth, asked.named(Customer, "customer")))


def gone(customer: Customer) -> Json:
    """What is left of a customer that was deleted."""
    return {"id": customer.id, "object": "customer", "deleted": True}


def _card(asked: Asked, key: str | None) -> str | None:
    if key is None:
        return None
    parameter = "invoice_settings[default_payment_method]"
    return asked.find(PaymentMethod, "PaymentMethod", key, parameter).id


ROUTES = (
    Route("POST", "/v1/customers", create, WRITABLE),
    Route("GET", "/v1/customers", listing, "email created.*", lists=True),
    Route("GET", "/v1/customers/<id_>", retrieve),
    Route("POST", "/v1/customers/<id_>", update, WRITABLE),
    Route("DELETE", "/v1/customers/<id_>", delete),
)
