"""What customers may use, and what was given them by hand."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from ledger.checkout.grants import HandGrant, grant_access, withdraw_access
from ledger.checkout.refusals import InvalidTerms, KeyTaken, UnknownGrant
from web.access.guard import Need
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import Time, said, text
from web.api.paging import PageAsked, paged, pages


class Entitlement(Schema):
    """A feature that one purchase, subscription or grant gives."""

    feature = fields.String(required=True)
    source_kind = fields.String(required=True, metadata=said("purchase, subscription or grant."))
    source_id = fields.String(required=True)
    granted_at = Time(required=True)
    paid_until = Time(required=True, allow_none=True)
    ends_at = Time(required=True, allow_none=True, metadata=said("Any grace included."))
    active = fields.Boolean(required=True, metadata=said("It may be used right now."))
    reason = fields.String(
        required=True,
        metadata=said("paid, trial or grace, and then expired or the fact that ended it."),
    )


class FeatureAsked(Schema):
    """What is to be used."""

    feature = text(200, required=True, metadata=said("Such as learning_path:7 or plan:pro."))


class Access(Schema):
    """Whether it may be used right now."""

    feature = fields.String(required=True)
    allowed = fields.Boolean(required=True)


class GrantIn(Schema):
    """Features given by hand, until when (null: for good), and why."""

    features = fields.List(text(100), required=True, validate=validate.Length(1, 20))
    until = Time(load_default=None, allow_none=True)
    reason = text(500, required=True)


def _list(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.entitlements(call.user_id, page=page))


def _may_use(office: Office, call: Call) -> dict[str, object]:
    feature = call.query["feature"]
    allowed = office.queries.may_use(call.user_id, feature, call.now)
    return {"feature": feature, "allowed": allowed}


def _grant(office: Office, call: Call) -> None:
    grant = HandGrant(
        grant_id=call.path["grant_id"],
        user_id=call.user_id,
        features=tuple(call.body["features"]),
        until=call.body["until"],
        reason=call.body["reason"],
    )
    grant_access(office.shop, grant, call.now)


def _withdraw(office: Office, call: Call) -> None:
    withdraw_access(office.shop, call.user_id, call.path["grant_id"], call.now)


ENDPOINTS = (
    Endpoint(
        name="mayUse",
        call="GET /v1/customers/{user_id}/access",
        about="Whether a customer may use a feature right now.",
        need=Need("read", token=True),
        work=_may_use,
        asks=FeatureAsked,
        gives=Access,
    ),
    Endpoint(
        name="listEntitlements",
        call="GET /v1/customers/{user_id}/entitlements",
        about="All a customer was ever given, and whether it may be used right now.",
        need=Need("read", token=True),
        work=_list,
        asks=PageAsked,
        gives=pages("Entitlements", Entitlement, "What was given, and what of it lasts."),
    ),
    Endpoint(
        name="grantAccess",
        call="PUT /v1/customers/{user_id}/grants/{grant_id}",
        about="Gives features by hand, without a payment.",
        need=Need("grants"),
        work=_grant,
        takes=GrantIn,
        refusals=(InvalidTerms, KeyTaken),
    ),
    Endpoint(
        name="withdrawAccess",
        call="DELETE /v1/customers/{user_id}/grants/{grant_id}",
        about="Withdraws what was given by hand.",
        need=Need("grants"),
        work=_withdraw,
        refusals=(UnknownGrant,),
    ),
)
