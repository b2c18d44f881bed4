"""Before 2022-11-15: payment intents hold their charges, charges their refunds."""

from __future__ import annotations

from typing import Any

from web.sandbox.render import before_2025_03, payments
from web.sandbox.render.context import Context
from web.sandbox.render.refunds import refund
from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.sessions import Session

Json = dict[str, Any]


def payment_intent(told: Json, noun: Intent, context: Context, at: int) -> Json:
    """A payment intent with its charges instead of the id of the latest one."""
    charges = [_charge(each, context, at) for each in context.charges_of(noun.id, at)]
    kept = {key: value for key, value in told.items() if key != "latest_charge"}
    return {**kept, "charges": _listed(charges, f"/v1/charges?payment_intent={noun.id}")}


def charge(told: Json, noun: Charge, context: Context, at: int) -> Json:
    """A charge with its refunds."""
    refunds = [refund(each) for each in context.refunds_of(noun.id, at)]
    return {**told, "refunds": _listed(refunds, f"/v1/charges/{noun.id}/refunds")}


def session(told: Json, noun: Session, context: Context, at: int) -> Json:
    """A Checkout Session before 2022-08-01: shipping in one field."""
    kept = {key: value for key, value in told.items() if key != "shipping_cost"}
    return {**kept, "customer_creation": None, "shipping": None}


def _charge(noun: Charge, context: Context, at: int) -> Json:
    told = before_2025_03.charge(payments.charge(noun), noun, context, at)
    return charge(told, noun, context, at)


def _listed(found: list[Json], url: str) -> Json:
    return {
        "object": "list",
        "data": found,
        "has_more": False,
        "total_count": len(found),
        "url": url,
    }
