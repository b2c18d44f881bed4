"""Memberships: which groups a customer is registered with, and which plan they had when."""

from __future__ import annotations

from marshmallow import Schema, fields

from web.access.guard import Need
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import Time, said
from web.api.paging import PageAsked, paged, pages


class Registration(Schema):
    """A registration with a group, by what pays for it."""

    group_id = fields.String(required=True)
    cart_id = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, metadata=said("pending, paid, free or ended."))
    source_kind = fields.String(required=True, metadata=said("purchase, subscription or grant."))
    source_id = fields.String(required=True)
    paid_at = Time(required=True, allow_none=True)
    ends_at = Time(required=True, allow_none=True, metadata=said("Any grace included."))


class PlanPeriod(Schema):
    """A stretch of time in which one plan was had; no two overlap."""

    plan_id = fields.String(required=True)
    subscription_id = fields.String(required=True)
    held_from = Time(required=True)
    held_until = Time(required=True, allow_none=True, metadata=said("null: it is had now."))


def _registrations(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.registrations(call.user_id, page=page))


def _plan_periods(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.plan_periods(call.user_id, page=page))


ENDPOINTS = (
    Endpoint(
        name="listRegistrations",
        call="GET /v1/customers/{user_id}/group-registrations",
        about="The groups a customer is registered with, and whether that is paid.",
        need=Need("read", token=True),
        work=_registrations,
        asks=PageAsked,
        gives=pages("Registrations", Registration, "Registrations with groups."),
    ),
    Endpoint(
        name="listPlanPeriods",
        call="GET /v1/customers/{user_id}/plan-periods",
        about="Which plan a customer had when, the newest first.",
        need=Need("read", token=True),
        work=_plan_periods,
        asks=PageAsked,
        gives=pages("PlanPeriods", PlanPeriod, "Plans, one after the other."),
    ),
)
