"""Customers: who they are to the provider, and tokens for their browsers."""

from __future__ import annotations

from marshmallow import Schema, fields

from ledger.checkout.registration import Registered, register
from web.access.guard import Need
from web.access.problems import NotConfigured
from web.access.tokens import (
    LEAST_SECONDS,
    LIFETIME_SECONDS,
    MOST_SECONDS,
    Bearer,
    expiry,
)
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import PersonIn, Time, number, said


class RegisteredOut(Schema):
    """Who the customer is to the provider, and their free plan if there is one."""

    provider_customer_id = fields.String(required=True)
    starter_subscription_id = fields.String(required=True, allow_none=True)


class TokenIn(PersonIn):
    """How long the token is good, and what it says of its customer."""

    lifetime_seconds = number(LEAST_SECONDS, MOST_SECONDS, load_default=LIFETIME_SECONDS)


class TokenOut(Schema):
    """A token for the customer's own browser."""

    token = fields.String(required=True)
    expires_at = Time(required=True, metadata=said("It cannot be revoked, so keep it short."))


def _register(office: Office, call: Call) -> Registered:
    return register(office.shop, call.person, call.now)


def _issue(office: Office, call: Call) -> dict[str, object]:
    person, ends_at = call.person, expiry(call.now, call.body["lifetime_seconds"])
    token = office.tokens.issue(Bearer(person.user_id, ends_at, person.email, person.name))
    return {"token": token, "expires_at": ends_at}


ENDPOINTS = (
    Endpoint(
        name="registerCustomer",
        call="PUT /v1/customers/{user_id}",
        about="Registers a customer and subscribes them to the free starter plan, if there is one; "
        "once, however often it is called.",
        need=Need("checkout"),
        work=_register,
        takes=PersonIn,
        gives=RegisteredOut,
        outbound=True,
    ),
    Endpoint(
        name="issueToken",
        call="POST /v1/customers/{user_id}/tokens",
        about="Issues a short-lived token, with which a browser may do what this customer may do "
        "for themselves.",
        need=Need("checkout"),
        work=_issue,
        takes=TokenIn,
        gives=TokenOut,
        refusals=(NotConfigured,),
    ),
)
