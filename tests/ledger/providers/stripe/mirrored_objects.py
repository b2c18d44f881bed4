"""Stripe's objects that are mirrored, as small as they can be read, in the shapes of 2026-10-28."""

from __future__ import annotations

from typing import Any

from tests.ledger.providers.stripe.objects import DAY, MONTH, NOW, Json


def credit_note(**changes: Any) -> Json:
    """Ten dollars off a paid invoice, refunded to the card."""
    return {
        "id": "cn_1",
        "object": "credit_note",
        "amount": 1000,
        "created": NOW,
        "currency": "usd",
        "customer": "cus_1",
        "customer_balance_transaction": None,
        "effective_at": NOW,
        "invoice": "in_1",
        "number": "ANN-0001-CN-01",
        "out_of_band_amount": None,
        "post_payment_amount": 1000,
        "pre_payment_amount": 0,
        "reason": "order_change",
        "refunds": [{"amount_refunded": 1000, "refund": "re_1", "type": "refund"}],
        "status": "issued",
        "type": "post_payment",
        "voided_at": None,
        **changes,
    }


def payment_method(**changes: Any) -> Json:
    card = {"brand": "visa", "exp_month": 4, "exp_year": 2030, "last4": "4242"}
    return {
        "id": "pm_1",
        "object": "payment_method",
        "card": card,
        "created": NOW,
        "customer": "cus_1",
        "type": "card",
        **changes,
    }


def setup_intent(**changes: Any) -> Json:
    return {
        "id": "seti_1",
        "object": "setup_intent",
        "created": NOW,
        "customer": "cus_1",
        "last_setup_error": None,
        "payment_method": "pm_1",
        "status": "succeeded",
        **changes,
    }


def mandate(**changes: Any) -> Json:
    return {
        "id": "mandate_1",
        "object": "mandate",
        "customer_acceptance": {"accepted_at": NOW, "type": "online"},
        "payment_method": "pm_1",
        "status": "active",
        "type": "multi_use",
        **changes,
    }


def transfer(**changes: Any) -> Json:
    return {
        "id": "tr_1",
        "object": "transfer",
        "amount": 900,
        "amount_reversed": 0,
        "created": NOW,
        "currency": "usd",
        "destination": "acct_9",
        "source_transaction": "ch_1",
        "transfer_group": "group_pi_1",
        **changes,
    }


def application_fee(**changes: Any) -> Json:
    return {
        "id": "fee_1",
        "object": "application_fee",
        "account": "acct_9",
        "amount": 100,
        "amount_refunded": 0,
        "charge": "ch_1",
        "created": NOW,
        "currency": "usd",
        "originating_transaction": None,
        **changes,
    }


def fee_refund(**changes: Any) -> Json:
    return {
        "id": "fr_1",
        "object": "fee_refund",
        "amount": 40,
        "currency": "usd",
        "fee": "fee_1",
        **changes,
    }


def payout(**changes: Any) -> Json:
    return {
        "id": "po_1",
        "object": "payout",
        "amount": 5000,
        "arrival_date": NOW + 2 * DAY,
        "automatic": True,
        "created": NOW,
        "currency": "usd",
        "failure_code": None,
        "method": "standard",
        "reconciliation_status": "in_progress",
        "status": "pending",
        **changes,
    }


def balance_transaction(**changes: Any) -> Json:
    """What a charge of ten dollars moved, as it is fetched."""
    fee = {"amount": 59, "currency": "usd", "type": "stripe_fee"}
    return {
        "id": "txn_1",
        "object": "balance_transaction",
        "amount": 1000,
        "available_on": NOW + 2 * DAY,
        "created": NOW,
        "currency": "usd",
        "fee": 59,
        "fee_details": [fee],
        "net": 941,
        "reporting_category": "charge",
        "source": {"id": "ch_1", "object": "charge", "payment_intent": "pi_1"},
        "type": "charge",
        **changes,
    }


def entitlement_summary(*features: str, **changes: Any) -> Json:
    """It has no id of its own: there is one for each customer."""
    data = [{"id": f"ent_{each}", "lookup_key": each} for each in features]
    return {
        "object": "entitlements.active_entitlement_summary",
        "customer": "cus_1",
        "entitlements": {"object": "list", "data": data, "has_more": False},
        **changes,
    }


def credit_grant(**changes: Any) -> Json:
    return {
        "id": "credgr_1",
        "object": "billing.credit_grant",
        "amount": {"monetary": {"currency": "usd", "value": 1000}, "type": "monetary"},
        "category": "promotional",
        "created": NOW,
        "customer": "cus_1",
        "effective_at": NOW,
        "expires_at": NOW + 3 * MONTH,
        "name": "Welcome",
        "voided_at": None,
        **changes,
    }


def credit_transaction(type_: str = "credits_applied", value: int = 300, **changes: Any) -> Json:
    """A movement of a grant's balance; all kinds but one are debits."""
    amount = {"monetary": {"currency": "usd", "value": value}, "type": "monetary"}
    side = "credit" if type_ == "credits_application_invoice_voided" else "debit"
    return {
        "id": "cbtxn_1",
        "object": "billing.credit_balance_transaction",
        "created": NOW,
        "credit": None,
        "credit_grant": "credgr_1",
        "debit": None,
        "type": side,
        side: {"amount": amount, "type": type_},
        **changes,
    }


def schedule(**changes: Any) -> Json:
    phases = [
        {"start_date": NOW + number * MONTH, "end_date": NOW + (number + 1) * MONTH}
        for number in range(2)
    ]
    return {
        "id": "sub_sched_1",
        "object": "subscription_schedule",
        "canceled_at": None,
        "completed_at": None,
        "created": NOW,
        "current_phase": phases[0],
        "customer": "cus_1",
        "end_behavior": "release",
        "phases": phases,
        "released_at": None,
        "released_subscription": None,
        "status": "active",
        "subscription": "sub_1",
        **changes,
    }


_VOIDED = {"status": "void", "voided_at": NOW + DAY}
_RELEASED = {"subscription": None, "released_subscription": "sub_1", "released_at": NOW}

MIRRORED: dict[str, tuple[Json, ...]] = {
    "balance_transaction.fetched": (balance_transaction(),),
    "credit_note.created": (credit_note(),),
    "credit_note.updated": (credit_note(), {"reason": None}),
    "credit_note.voided": (credit_note(**_VOIDED),),
    "payment_method.attached": (payment_method(),),
    "payment_method.updated": (payment_method(), {"card": {"exp_year": 2027}}),
    "payment_method.automatically_updated": (payment_method(),),
    "payment_method.card_automatically_updated": (payment_method(),),
    "payment_method.detached": (payment_method(customer=None), {"customer": "cus_1"}),
    "setup_intent.created": (setup_intent(status="requires_payment_method"),),
    "setup_intent.requires_action": (setup_intent(status="requires_action"),),
    "setup_intent.setup_failed": (setup_intent(last_setup_error={"code": "card_declined"}),),
    "setup_intent.succeeded": (setup_intent(),),
    "setup_intent.canceled": (setup_intent(status="canceled"),),
    "mandate.updated": (mandate(status="inactive"), {"status": "active"}),
    "transfer.created": (transfer(),),
    "transfer.updated": (transfer(), {"metadata": {"order": None}}),
    "transfer.reversed": (transfer(amount_reversed=900),),
    "application_fee.created": (application_fee(),),
    "application_fee.refunded": (application_fee(amount_refunded=40),),
    "application_fee.refund.updated": (fee_refund(),),
    "payout.created": (payout(),),
    "payout.updated": (payout(status="in_transit"), {"status": "pending"}),
    "payout.paid": (payout(status="paid"),),
    "payout.failed": (payout(status="failed", failure_code="account_closed"),),
    "payout.canceled": (payout(status="canceled"),),
    "payout.reconciliation_completed": (payout(status="paid", reconciliation_status="completed"),),
    "entitlements.active_entitlement_summary.updated": (entitlement_summary("pro"),),
    "billing.credit_grant.created": (credit_grant(),),
    "billing.credit_grant.updated": (credit_grant(name="Sorry"), {"name": "Welcome"}),
    "billing.credit_balance_transaction.created": (credit_transaction(),),
    "subscription_schedule.created": (schedule(),),
    "subscription_schedule.updated": (schedule(), {"end_behavior": "cancel"}),
    "subscription_schedule.expiring": (schedule(),),
    "subscription_schedule.released": (schedule(status="released", **_RELEASED),),
    "subscription_schedule.completed": (schedule(status="completed", completed_at=NOW),),
    "subscription_schedule.canceled": (schedule(status="canceled", canceled_at=NOW),),
    "subscription_schedule.aborted": (schedule(status="canceled", canceled_at=NOW),),
}
"""Type -> the object its canonical event is about, and how it stood before where that is told."""
