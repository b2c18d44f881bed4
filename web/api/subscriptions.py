"""Subscriptions to plans, products and groups."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from ledger.checkout import subscriptions
from ledger.checkout.refusals import (
    AlreadySubscribed,
    BillUnpaid,
    CardNeeded,
    NotOffered,
    NotRegistered,
    NotSubscribed,
    NotYours,
)
from ledger.providers.outbound import OpenSubscription, Preview
from ledger.providers.problems import CardDeclined
from web.access.guard import Need
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import MOST_QUANTITY, Flag, Time, identifier, number, said
from web.api.paging import PageAsked, paged, pages
from web.api.shapes import Subscription

CHANGING = Need("checkout", token=True)


def _card_id() -> fields.String:
    what = said("A saved card; without one the first bill is paid in the page.")
    return identifier(load_default=None, allow_none=True, metadata=what)


class SubscribeIn(Schema):
    """What to subscribe to, and how much of it."""

    plan_id = identifier(required=True)
    quantity = number(1, MOST_QUANTITY, load_default=1)
    card_id = _card_id()


class SubscribeGroupIn(Schema):
    """The registration this subscription pays for."""

    cart_id = identifier(required=True)
    quantity = number(1, MOST_QUANTITY, load_default=1)
    card_id = _card_id()


class ChangeIn(Schema):
    """The new plan; the quantity stays as it is when it is left out."""

    plan_id = identifier(required=True)
    quantity = number(1, MOST_QUANTITY, load_default=None, allow_none=True)
    card_id = _card_id()


class ChangeAsked(Schema):
    """The plan to change to."""

    plan_id = identifier(required=True)
    quantity = fields.Integer(load_default=None, validate=validate.Range(1, MOST_QUANTITY))


class CancelIn(Schema):
    """When it is to end."""

    at_period_end = Flag(
        required=True, metadata=said("true: when what was paid for is over; false: now.")
    )


class PreviewLine(Schema):
    """One line of the bill; `minor` is negative for a credit."""

    description = fields.String(required=True)
    minor = fields.Integer(required=True)


class PreviewOut(Schema):
    """What a change would cost now, in minor units of the currency."""

    currency = fields.String(required=True)
    due_minor = fields.Integer(required=True)
    kept_minor = fields.Integer(
        required=True, metadata=said("What is given back and waits for the next bills.")
    )
    used_minor = fields.Integer(
        required=True, metadata=said("What was kept before and pays for this bill.")
    )
    lines = fields.List(fields.Nested(PreviewLine), required=True)


class SubscriptionRow(Schema):
    """A subscription as the ledger has it."""

    subscription_id = fields.String(required=True)
    status = fields.String(required=True, allow_none=True)
    features = fields.List(fields.String(), required=True)
    quantity = fields.Integer(required=True)
    cart_id = fields.String(required=True, allow_none=True)
    current_period_start = Time(required=True, allow_none=True)
    current_period_end = Time(required=True, allow_none=True)
    paid_until = Time(required=True, allow_none=True)
    started_at = Time(required=True, allow_none=True)
    trial_ends_at = Time(required=True, allow_none=True)
    cancel_at = Time(required=True, allow_none=True)
    canceled_at = Time(required=True, allow_none=True)
    ended_at = Time(required=True, allow_none=True)
    ambiguous = fields.Boolean(
        required=True,
        metadata=said("Two reports of one second: which is the newer cannot be told."),
    )


def _subscribe(office: Office, call: Call) -> OpenSubscription:
    return subscriptions.subscribe(office.shop, call.user_id, **call.body, now=call.now)


def _subscribe_group(office: Office, call: Call) -> OpenSubscription:
    group_id = call.path["group_id"]
    return subscriptions.subscribe_group(
        office.shop, call.user_id, group_id, **call.body, now=call.now
    )


def _change(office: Office, call: Call) -> OpenSubscription:
    return subscriptions.change_plan(office.shop, call.user_id, **call.body, now=call.now)


def _preview(office: Office, call: Call) -> Preview:
    return subscriptions.preview_change(office.shop, call.user_id, **call.query)


def _cancel(office: Office, call: Call) -> OpenSubscription:
    id_, at_period_end = call.path["subscription_id"], call.body["at_period_end"]
    return subscriptions.cancel(office.shop, call.user_id, id_, at_period_end, call.now)


def _resume(office: Office, call: Call) -> OpenSubscription:
    return subscriptions.resume(office.shop, call.user_id, call.path["subscription_id"], call.now)


def _list(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.subscriptions(call.user_id, page=page))


ENDPOINTS = (
    Endpoint(
        name="subscribe",
        call="POST /v1/customers/{user_id}/subscriptions",
        about="Subscribes to a plan, once however often it is called.",
        need=CHANGING,
        work=_subscribe,
        takes=SubscribeIn,
        gives=Subscription,
        outbound=True,
        refusals=(NotRegistered, NotOffered, NotYours, AlreadySubscribed, CardDeclined),
    ),
    Endpoint(
        name="subscribeGroup",
        call="POST /v1/customers/{user_id}/groups/{group_id}/subscription",
        about="Subscribes to a group whose membership recurs, for the registration in `cart_id`.",
        need=CHANGING,
        work=_subscribe_group,
        takes=SubscribeGroupIn,
        gives=Subscription,
        outbound=True,
        refusals=(NotRegistered, NotOffered, NotYours, AlreadySubscribed, CardDeclined),
    ),
    Endpoint(
        name="changePlan",
        call="PUT /v1/customers/{user_id}/plan",
        about="Changes the customer's plan, up or down; unused time is prorated.",
        need=CHANGING,
        work=_change,
        takes=ChangeIn,
        gives=Subscription,
        outbound=True,
        refusals=(
            *(NotRegistered, NotOffered, NotYours, AlreadySubscribed),
            *(BillUnpaid, CardNeeded, CardDeclined),
        ),
    ),
    Endpoint(
        name="previewPlan",
        call="GET /v1/customers/{user_id}/plan/preview",
        about="What changing the plan would cost now.",
        need=CHANGING,
        work=_preview,
        asks=ChangeAsked,
        gives=PreviewOut,
        outbound=True,
        refusals=(NotRegistered, NotOffered, NotSubscribed, BillUnpaid),
    ),
    Endpoint(
        name="cancelSubscription",
        call="POST /v1/customers/{user_id}/subscriptions/{subscription_id}/cancel",
        about="Ends a subscription, now or when what was paid for is over.",
        need=CHANGING,
        work=_cancel,
        takes=CancelIn,
        gives=Subscription,
        outbound=True,
        refusals=(NotRegistered, NotYours),
    ),
    Endpoint(
        name="resumeSubscription",
        call="POST /v1/customers/{user_id}/subscriptions/{subscription_id}/resume",
        about="Takes a cancellation back that has not come to pass.",
        need=CHANGING,
        work=_resume,
        gives=Subscription,
        outbound=True,
        refusals=(NotRegistered, NotYours, NotSubscribed),
    ),
    Endpoint(
        name="listSubscriptions",
        call="GET /v1/customers/{user_id}/subscriptions",
        about="A customer's subscriptions, the newest first.",
        need=Need("read", token=True),
        work=_list,
        asks=PageAsked,
        gives=pages("Subscriptions", SubscriptionRow, "Subscriptions, open or ended."),
    ),
)
