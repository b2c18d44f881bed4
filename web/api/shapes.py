"""What several endpoints answer."""

from __future__ import annotations

from marshmallow import Schema, fields

from web.api.fields import MoneyOut, Time, said


class Payment(Schema):
    """A payment to be collected in the page; only its webhook makes it count."""

    id = fields.String(required=True)
    state = fields.String(
        required=True,
        metadata=said(
            "requires_payment_method, requires_action, processing, succeeded or canceled."
        ),
    )
    amount = fields.Nested(MoneyOut, required=True)
    client_secret = fields.String(
        required=True, metadata=said("For Stripe.js in the customer's own page, nowhere else.")
    )


class Subscription(Schema):
    """A subscription as the provider has it now."""

    id = fields.String(required=True)
    status = fields.String(required=True)
    price_id = fields.String(required=True)
    quantity = fields.Integer(required=True)
    client_secret = fields.String(
        required=True,
        allow_none=True,
        metadata=said("There while its newest bill waits for a payment in the page."),
    )
    due = fields.Nested(
        MoneyOut, required=True, allow_none=True, metadata=said("What that bill comes to.")
    )
    cancel_at = Time(required=True, allow_none=True)
    ends_period_at = Time(required=True, allow_none=True)


class Card(Schema):
    """A saved card."""

    id = fields.String(required=True)
    brand = fields.String(required=True)
    last4 = fields.String(required=True)
    expires = fields.String(required=True, metadata=said("Month and year, 2030-04."))


def listed(name: str, of: type[Schema], about: str) -> type[Schema]:
    """The schema of an answer with `of` many times under `data`."""
    rows = fields.List(fields.Nested(of), required=True)
    return type(name, (Schema,), {"data": rows, "__doc__": about})
