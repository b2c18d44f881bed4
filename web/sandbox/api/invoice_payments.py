"""/v1/invoice_payments: which payment intent is to pay which invoice."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.truth.invoices import InvoicePayment


def retrieve(asked: Asked) -> InvoicePayment:
    """One such link."""
    return asked.named(InvoicePayment, "invoice_payment")


def listing(asked: Asked) -> Listing:
    """Those of an invoice or a payment intent."""
    params = asked.params
    invoice, status = params.text("invoice"), params.text("status")
    intent = params.part("payment").text("payment_intent")
    return Listing(
        [
            each
            for each in asked.all(InvoicePayment)
            if invoice in (None, each.invoice)
            and status in (None, each.status)
            and intent in (None, each.intent)
        ]
    )


ROUTES = (
    Route(
        "GET",
        "/v1/invoice_payments",
        listing,
        "invoice status payment.type payment.payment_intent",
        lists=True,
    ),
    Route("GET", "/v1/invoice_payments/<id_>", retrieve),
)
