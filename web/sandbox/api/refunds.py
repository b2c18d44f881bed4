"""/v1/refunds."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.api.problems import missing, needed, unexpected, wrong
from web.sandbox.truth import refunds
from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.refunds import Refund

REASONS = ("duplicate", "fraudulent", "requested_by_customer")
CREATE = (
    "payment_intent charge amount reason metadata.* reverse_transfer refund_application_fee "
    "instructions_email"
)


def create(asked: Asked) -> Refund:
    """Money back, all that is left unless an amount is given."""
    charge, params = _charge(asked), asked.params
    left = charge.amount_captured - _returned(charge)
    amount = params.positive("amount") or left
    if left == 0:
        raise unexpected(
            "charge_already_refunded", f"Charge {charge.id} has already been refunded."
        )
    if amount > left:
        text = f"Refund amount ({amount}) is greater than unrefunded amount on charge ({left})"
        raise wrong("amount", text)
    if charge.disputed:
        text = f"The charge {charge.id} has been charged back; cannot issue a refund."
        raise unexpected("charge_disputed", text)
    reason = params.choice("reason", REASONS, "") or None
    intent = asked.truth.get(Intent, charge.intent)
    return refunds.refund(asked.truth, intent, amount, reason=reason, metadata=params.metadata())


def retrieve(asked: Asked) -> Refund:
    """One refund."""
    return asked.named(Refund, "refund")


def update(asked: Asked) -> Refund:
    """Other metadata."""
    refund = asked.named(Refund, "refund")
    metadata = asked.params.metadata(refund.metadata)
    return asked.truth.change(refund, "refund.updated", metadata=metadata)


def listing(asked: Asked) -> Listing:
    """Refunds, of one payment if one is named."""
    params = asked.params
    charge, intent = params.text("charge"), params.text("payment_intent")
    return Listing(
        [
            each
            for each in asked.all(Refund)
            if charge in (None, each.charge) and intent in (None, each.intent)
        ]
    )


def _charge(asked: Asked) -> Charge:
    charge = asked.given(Charge, "charge", "charge")
    intent = asked.given(Intent, "payment_intent", "payment_intent")
    if charge is None and intent is None:
        raise needed("payment_intent")
    if charge is None and intent is not None:
        charge = asked.truth.find(Charge, intent.latest_charge)
    if charge is None or charge.status != "succeeded":
        raise missing("charge", "of a payment that succeeded", "payment_intent")
    return charge


def _returned(charge: Charge) -> int:
    """What went back already; what was let go when the charge was captured is no refund."""
    return charge.amount_refunded - (charge.amount - charge.amount_captured)


LIST = "charge payment_intent created.*"
ROUTES = (
    Route("POST", "/v1/refunds", create, CREATE),
    Route("GET", "/v1/refunds", listing, LIST, lists=True),
    Route("GET", "/v1/refunds/<id_>", retrieve),
    Route("POST", "/v1/refunds/<id_>", update, "metadata.*"),
)
