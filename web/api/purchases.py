"""Purchases: what is paid once, and what came of it."""

from __future__ import annotations

from marshmallow import Schema, fields

from ledger.checkout.refusals import AlreadyBought, NotOffered, NotRegistered
from ledger.checkout.sales import buy_group, buy_learning_path
from ledger.providers.outbound import OpenPayment
from web.access.guard import Need
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import Time, said
from web.api.paging import PageAsked, paged, pages
from web.api.shapes import Payment


class GroupPayment(Schema):
    """The payment; none for a free group, to which access is given at once."""

    payment = fields.Nested(Payment, required=True, allow_none=True)


class Purchase(Schema):
    """One payment; amounts are in minor units of the currency."""

    purchase_id = fields.String(required=True)
    status = fields.String(
        required=True, metadata=said("pending until the webhook is in, then paid or failed, ...")
    )
    currency = fields.String(required=True, allow_none=True)
    amount_minor = fields.Integer(required=True, allow_none=True)
    paid_minor = fields.Integer(required=True)
    refunded_minor = fields.Integer(required=True)
    disputed_minor = fields.Integer(required=True)
    credits = fields.Integer(required=True)
    features = fields.List(fields.String(), required=True)
    description = fields.String(required=True, allow_none=True)
    invoice_id = fields.String(required=True, allow_none=True)
    opened_at = Time(required=True, allow_none=True)
    paid_at = Time(required=True, allow_none=True)


class Receipt(Schema):
    """Money received; amounts are in minor units of the currency."""

    invoice_id = fields.String(
        required=True, metadata=said("The invoice, or the purchase if it was sold without one.")
    )
    subscription_id = fields.String(required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)
    currency = fields.String(required=True)
    amount_paid_minor = fields.Integer(required=True)
    amount_refunded_minor = fields.Integer(required=True)
    paid_at = Time(required=True)
    period_start = Time(required=True, allow_none=True)
    period_end = Time(required=True, allow_none=True)


def _buy_learning_path(office: Office, call: Call) -> OpenPayment:
    return buy_learning_path(office.shop, call.user_id, call.path["learning_path_id"], call.now)


def _buy_group(office: Office, call: Call) -> dict[str, object]:
    return {"payment": buy_group(office.shop, call.user_id, call.path["group_id"], call.now)}


def _purchases(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.purchases(call.user_id, page=page))


def _receipts(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.receipts(call.user_id, page=page))


ENDPOINTS = (
    Endpoint(
        name="buyLearningPath",
        call="POST /v1/customers/{user_id}/learning-paths/{learning_path_id}/payment",
        about="Opens the payment for a learning path, or gives the open one again.",
        need=Need("checkout", token=True),
        work=_buy_learning_path,
        gives=Payment,
        outbound=True,
        refusals=(NotRegistered, NotOffered, AlreadyBought),
    ),
    Endpoint(
        name="buyGroup",
        call="POST /v1/customers/{user_id}/groups/{group_id}/payment",
        about="Opens the payment for a group that is paid once, or gives the open one again.",
        need=Need("checkout", token=True),
        work=_buy_group,
        gives=GroupPayment,
        outbound=True,
        refusals=(NotRegistered, NotOffered, AlreadyBought),
    ),
    Endpoint(
        name="listPurchases",
        call="GET /v1/customers/{user_id}/purchases",
        about="A customer's payments, paid or not, the newest first.",
        need=Need("read", token=True),
        work=_purchases,
        asks=PageAsked,
        gives=pages("Purchases", Purchase, "Payments, paid or not."),
    ),
    Endpoint(
        name="listReceipts",
        call="GET /v1/customers/{user_id}/receipts",
        about="What a customer paid, the newest first.",
        need=Need("read", token=True),
        work=_receipts,
        asks=PageAsked,
        gives=pages("Receipts", Receipt, "What was paid."),
    ),
)
