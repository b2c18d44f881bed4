"""/v1/invoices: bills read, finalized, paid, voided and written off."""

from __future__ import annotations

from web.sandbox.api.answers import listed, shown
from web.sandbox.api.asked import Asked, Json, Listing, Route
from web.sandbox.api.confirming import refused
from web.sandbox.api.methods import by_id
from web.sandbox.api.previews import KNOWN, preview
from web.sandbox.api.problems import declined, unexpected
from web.sandbox.truth import billing, confirmation, dunning, invoicing, settlement
from web.sandbox.truth.customers import PaymentMethod
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.invoices import Invoice, InvoicePayment
from web.sandbox.truth.subscriptions import Subscription

OPEN = {"open", "uncollectible"}


def retrieve(asked: Asked) -> Invoice:
    """One invoice."""
    return asked.named(Invoice, "invoice")


def listing(asked: Asked) -> Listing:
    """The invoices of a customer or a subscription."""
    customer, status = asked.params.text("customer"), asked.params.text("status")
    subscription = asked.params.text("subscription")
    return Listing(
        [
            each
            for each in asked.all(Invoice)
            if customer in (None, each.customer)
            and subscription in (None, each.subscription)
            and status in (None, each.status)
        ]
    )


def pay(asked: Asked) -> Invoice:
    """Pays with a card, or says that it was paid elsewhere. Raises Problem if that fails."""
    invoice = asked.named(Invoice, "invoice")
    if invoice.status == "paid":
        raise unexpected("resource_invalid_state", "Invoice is already paid")
    if invoice.status == "draft":
        invoice = invoicing.finalize(asked.truth, invoice)
    if invoice.status not in OPEN:
        raise _not_open()
    if asked.params.flag("paid_out_of_band"):
        paid = settlement.settle_out_of_band(asked.truth, invoice)
        dunning.recover(asked.truth, paid)
    elif invoice.amount_due == 0:
        dunning.recover(asked.truth, settlement.settle(asked.truth, invoice))
    else:
        _charge(asked, invoice, _card(asked, invoice))
    return invoice


def finalize(asked: Asked) -> Invoice:
    """Makes a draft final. Raises Problem for what is no draft."""
    invoice = asked.named(Invoice, "invoice")
    if invoice.status != "draft":
        message = "This invoice is already finalized, you can't re-finalize a non-draft invoice."
        raise unexpected("invoice_not_editable", message)
    return invoicing.finalize(asked.truth, invoice)


def void(asked: Asked) -> Invoice:
    """Takes a bill back, and the subscription it was the first of. Raises Problem for one that
    is not open."""
    invoice = _still_open(asked)
    subscription = asked.truth.find(Subscription, invoice.subscription)
    if subscription is None or subscription.status != "incomplete":
        return settlement.void(asked.truth, invoice)
    billing.expire(asked.truth, subscription)
    return invoice


def write_off(asked: Asked) -> Invoice:
    """Expects the money no longer. Raises Problem for a bill that is not open."""
    return settlement.give_up(asked.truth, _still_open(asked))


def confirmation_secret(asked: Asked, told: Json) -> Json | None:
    """What the page needs to pay the bill (since 2025-03-31 in place of its payment intent)."""
    invoice = asked.truth.find(Invoice, told["id"])
    intent = asked.truth.find(Intent, invoice.intent if invoice else None)
    if intent is None:
        return None
    secret = shown(asked, intent)["client_secret"]
    return {"client_secret": secret, "type": "payment_intent"}


def payments(asked: Asked, told: Json) -> Json:
    """The payments meant for the bill."""
    found = [each for each in asked.all(InvoicePayment) if each.invoice == told["id"]]
    return listed([shown(asked, each) for each in found], "/v1/invoice_payments")


def _still_open(asked: Asked) -> Invoice:
    invoice = asked.named(Invoice, "invoice")
    if invoice.status not in OPEN:
        raise _not_open()
    return invoice


def _not_open() -> Exception:
    message = "You can only pass in open invoices. This invoice isn't open."
    return unexpected("resource_invalid_state", message)


def _card(asked: Asked, invoice: Invoice) -> PaymentMethod:
    """The card named, else the one the bill is charged to anyway."""
    given = asked.params.text("payment_method")
    if given is not None:
        return by_id(asked, given, "payment_method")
    subscription = asked.truth.find(Subscription, invoice.subscription)
    key = dunning.card_of(asked.truth, subscription) if subscription else None
    found = asked.truth.find(PaymentMethod, key)
    if found is None:
        message = "There is no default payment method set on this Customer or Invoice."
        raise unexpected("resource_missing", f"{message} Please set a default payment method.")
    return found


def _charge(asked: Asked, invoice: Invoice, card: PaymentMethod) -> None:
    intent = asked.truth.get(Intent, invoice.intent or "")
    intent = confirmation.confirm(asked.truth, intent, card)
    if intent.status == "requires_payment_method":
        raise refused(asked, intent, card)
    if intent.status == "requires_action":
        message = "Payment for this invoice requires additional user action to be completed."
        code = "invoice_payment_intent_requires_action"
        raise declined(code, message, payment_intent=shown(asked, intent))


ROUTES = (
    Route("GET", "/v1/invoices", listing, "customer subscription status", lists=True),
    Route("POST", "/v1/invoices/create_preview", preview, KNOWN),
    Route("GET", "/v1/invoices/<id_>", retrieve),
    Route("POST", "/v1/invoices/<id_>/pay", pay, "payment_method paid_out_of_band off_session"),
    Route("POST", "/v1/invoices/<id_>/finalize", finalize, "auto_advance"),
    Route("POST", "/v1/invoices/<id_>/void", void),
    Route("POST", "/v1/invoices/<id_>/mark_uncollectible", write_off),
)
