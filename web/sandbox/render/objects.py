"""The table of renderings, one for each kind of object."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from web.sandbox.render import (
    catalog,
    checkout,
    clocks,
    coupons,
    customers,
    disputes,
    invoices,
    payments,
    refunds,
    settlements,
    setups,
    subscriptions,
)
from web.sandbox.render.context import Context
from web.sandbox.render.places import place
from web.sandbox.render.versions import as_told_by
from web.sandbox.truth.catalog import Price, Product
from web.sandbox.truth.clocks import Clock
from web.sandbox.truth.coupons import Coupon
from web.sandbox.truth.customers import Customer, PaymentMethod
from web.sandbox.truth.disputes import Dispute
from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.invoices import Invoice, InvoiceItem, InvoicePayment
from web.sandbox.truth.refunds import Refund
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.setups import Setup
from web.sandbox.truth.subscriptions import Subscription
from web.sandbox.truth.view import Noun

RENDERINGS: dict[type[Noun], Callable[[Any], dict[str, Any]]] = {
    Charge: payments.charge,
    Clock: clocks.clock,
    Coupon: coupons.coupon,
    Customer: customers.customer,
    Dispute: disputes.dispute,
    Intent: payments.payment_intent,
    Invoice: invoices.invoice,
    InvoiceItem: settlements.invoice_item,
    InvoicePayment: settlements.invoice_payment,
    PaymentMethod: customers.payment_method,
    Price: catalog.price,
    Product: catalog.product,
    Refund: refunds.refund,
    Session: checkout.session,
    Setup: setups.setup_intent,
    Subscription: subscriptions.subscription,
}


NOTHING_ELSE = Context()


def render(
    noun: Noun, api_version: str, context: Context = NOTHING_ELSE, at: int = 0
) -> dict[str, Any]:
    """The object as the API version shows it; older ones show it in the context of others."""
    newest = RENDERINGS[type(noun)](noun)
    placed = place(api_version, newest, noun, context, at)
    rendered: dict[str, Any] = as_told_by(api_version, placed)
    return rendered
