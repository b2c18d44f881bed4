"""The catalog: what is sold, said by the application."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from ledger.checkout import catalog
from ledger.checkout.refusals import InvalidTerms
from web.access.guard import Need
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import Flag, MoneyIn, identifier, said, text
from web.api.paging import PageAsked, paged, pages

INTERVALS = ("day", "week", "month", "year")


def _destination() -> fields.String:
    what = said("The connected account that payments are passed on to, acct_...")
    return identifier(load_default=None, allow_none=True, metadata=what)


class LearningPathIn(Schema):
    """A learning path; without a price it is not sold."""

    name = text(200, required=True)
    price = fields.Nested(MoneyIn, load_default=None, allow_none=True)
    destination = _destination()


class GroupIn(Schema):
    """A group, and how its membership is paid: never, once, or each `interval`."""

    name = text(200, required=True)
    premium = fields.String(
        required=True, validate=validate.OneOf(("free", "one_time", "recurring"))
    )
    price = fields.Nested(MoneyIn, load_default=None, allow_none=True)
    interval = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(INTERVALS))
    destination = _destination()


class PlanIn(Schema):
    """Something to subscribe to; it gives `plan:{plan_id}`, and `features` besides."""

    name = text(200, required=True)
    price = fields.Nested(MoneyIn, required=True)
    interval = fields.String(required=True, validate=validate.OneOf(INTERVALS))
    features = fields.List(text(100), load_default=list, validate=validate.Length(max=20))
    starter = Flag(
        load_default=False, metadata=said("Customers who chose nothing else have this plan.")
    )
    beside = Flag(
        load_default=False,
        metadata=said("A product: subscribed to beside the customer's plan, never in its place."),
    )


class GroupOut(Schema):
    """What the provider has for a group: something only where membership recurs."""

    product_id = fields.String(required=True, allow_none=True)
    price_id = fields.String(required=True, allow_none=True)


class PlanOut(Schema):
    """What the provider has for a plan."""

    product_id = fields.String(required=True)
    price_id = fields.String(required=True)


class Entry(Schema):
    """Something for sale; the price is in minor units of the currency."""

    kind = fields.String(required=True, metadata=said("learning_path, group or plan."))
    offering_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    premium = fields.String(
        required=True, allow_none=True, metadata=said("Of a group: free, one_time or recurring.")
    )
    amount_minor = fields.Integer(required=True, allow_none=True)
    currency = fields.String(required=True, allow_none=True)
    billed_each = fields.String(
        required=True, allow_none=True, metadata=said("day, week, month or year; null: once.")
    )
    features = fields.List(fields.String(), required=True)
    starter = fields.Boolean(required=True)
    beside = fields.Boolean(
        required=True, metadata=said("Of a plan: subscribed to beside one's plan.")
    )


def _list(office: Office, call: Call) -> dict[str, object]:
    return paged(call, lambda page: office.queries.catalog(page=page))


def _offer_learning_path(office: Office, call: Call) -> None:
    terms = catalog.LearningPathTerms(call.path["learning_path_id"], **call.body)
    catalog.offer_learning_path(office.shop, terms, call.now)


def _offer_group(office: Office, call: Call) -> catalog.OfferedGroup:
    terms = catalog.GroupTerms(call.path["group_id"], **call.body)
    return catalog.offer_group(office.shop, terms, call.now)


def _offer_plan(office: Office, call: Call) -> catalog.OfferedPlan:
    features = tuple(call.body.pop("features"))
    terms = catalog.PlanTerms(call.path["plan_id"], **call.body, features=features)
    return catalog.offer_plan(office.shop, terms, call.now)


ENDPOINTS = (
    Endpoint(
        name="listCatalog",
        call="GET /v1/catalog",
        about="What is for sale.",
        need=Need("read", token=True),
        work=_list,
        asks=PageAsked,
        gives=pages("Catalog", Entry, "What is for sale."),
    ),
    Endpoint(
        name="offerLearningPath",
        call="PUT /v1/catalog/learning-paths/{learning_path_id}",
        about="Offers a learning path; said again with other content it is changed.",
        need=Need("catalog"),
        work=_offer_learning_path,
        takes=LearningPathIn,
        refusals=(InvalidTerms,),
    ),
    Endpoint(
        name="offerGroup",
        call="PUT /v1/catalog/groups/{group_id}",
        about="Offers a group; a recurring one gets its product and price at the provider.",
        need=Need("catalog"),
        work=_offer_group,
        takes=GroupIn,
        gives=GroupOut,
        outbound=True,
        refusals=(InvalidTerms,),
    ),
    Endpoint(
        name="offerPlan",
        call="PUT /v1/catalog/plans/{plan_id}",
        about="Offers a plan, or a product to subscribe to, with its product and price.",
        need=Need("catalog"),
        work=_offer_plan,
        takes=PlanIn,
        gives=PlanOut,
        outbound=True,
        refusals=(InvalidTerms,),
    ),
)
