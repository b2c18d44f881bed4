"""Subscriptions; since 2025-03-31 the periods are on the items."""

from __future__ import annotations

from typing import Any

from web.sandbox.render.catalog import plan, price
from web.sandbox.truth.subscriptions import Item, Subscription

SAID_NOTHING: dict[str, Any] = {
    "application": None,
    "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None},
    "billing_cycle_anchor_config": None,
    "billing_mode": {"flexible": {"proration_discounts": "included"}, "type": "flexible"},
    "billing_schedules": [],
    "billing_thresholds": None,
    "collection_method": "charge_automatically",
    "customer_account": None,
    "days_until_due": None,
    "default_source": None,
    "default_tax_rates": [],
    "description": None,
    "discounts": [],
    "invoice_settings": {
        "account_tax_ids": None,
        "custom_fields": None,
        "description": None,
        "footer": None,
        "issuer": {"type": "self"},
    },
    "livemode": False,
    "managed_payments": None,
    "next_pending_invoice_item_invoice": None,
    "on_behalf_of": None,
    "pause_collection": None,
    "pending_invoice_item_interval": None,
    "pending_setup_intent": None,
    "schedule": None,
    "test_clock": None,
}


def subscription(noun: Subscription) -> dict[str, Any]:
    """A subscription with its items."""
    return {
        "id": noun.id,
        "object": "subscription",
        **SAID_NOTHING,
        "application_fee_percent": noun.split.fee_percent,
        "billing_cycle_anchor": noun.anchor,
        "cancel_at": noun.cancel_at,
        "cancel_at_period_end": noun.cancel_at_period_end,
        "canceled_at": noun.canceled_at,
        "cancellation_details": {
            "comment": None,
            "feedback": None,
            "reason": noun.cancellation_reason,
        },
        "created": noun.created,
        "currency": noun.item.price.currency,
        "customer": noun.customer,
        "default_payment_method": noun.card,
        "ended_at": noun.ended_at,
        "items": _items(noun),
        "latest_invoice": noun.latest_invoice,
        "metadata": noun.metadata,
        "payment_settings": {
            "payment_method_options": None,
            "payment_method_types": None,
            "save_default_payment_method": "on_subscription" if noun.keeps_card else "off",
        },
        "pending_update": _pending(noun),
        "start_date": noun.created,
        "status": noun.status,
        "status_details": _why(noun),
        "transfer_data": _transfer(noun),
        "trial_end": noun.trial_end,
        "trial_settings": {"end_behavior": {"missing_payment_method": noun.missing_card}},
        "trial_start": noun.trial_start,
    }


def _pending(noun: Subscription) -> dict[str, Any] | None:
    """A change whose bill is not paid yet."""
    waits = noun.pending
    if waits is None:
        return None
    return {
        "billing_cycle_anchor": waits.anchor if waits.anchor != noun.anchor else None,
        "discounts": None,
        "expires_at": waits.expires_at,
        "metadata": None,
        "subscription_items": [_item(noun.id, waits.item)],
        "trial_end": None,
        "trial_from_plan": None,
    }


def _transfer(noun: Subscription) -> dict[str, Any] | None:
    if noun.split.destination is None:
        return None
    percent = noun.split.destination_percent
    return {"amount_percent": percent, "destination": noun.split.destination}


def _items(noun: Subscription) -> dict[str, Any]:
    return {
        "object": "list",
        "data": [_item(noun.id, noun.item)],
        "has_more": False,
        "total_count": 1,
        "url": f"/v1/subscription_items?subscription={noun.id}",
    }


def _item(subscription_id: str, item: Item) -> dict[str, Any]:
    return {
        "id": item.id,
        "object": "subscription_item",
        "billed_until": item.period_end,
        "billing_thresholds": None,
        "created": item.created,
        "current_period_end": item.period_end,
        "current_period_start": item.period_start,
        "discounts": [],
        "metadata": {},
        "plan": plan(item.price),
        "price": price(item.price),
        "quantity": item.quantity,
        "subscription": subscription_id,
        "tax_rates": [],
    }


def _why(noun: Subscription) -> dict[str, Any] | None:
    """Why it is paused (since 2026-09-30)."""
    if noun.paused_at is None:
        return None
    paused = {
        "subscription": {"type": "trial_end_without_payment_method"},
        "transitioned_at": noun.paused_at,
        "type": "subscription",
    }
    return {"paused": paused}
