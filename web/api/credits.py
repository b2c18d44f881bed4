"""Credits: packages of them, buying, spending, and the balance."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields, validate

from ledger import commands
from ledger.aggregates.credit_wallet import Totals
from ledger.checkout import credits as checkout
from ledger.checkout.refusals import KeyTaken, NotOffered
from ledger.errors import InsufficientCredits, KeyReused
from ledger.providers.outbound import OpenSession
from web.access.guard import Need
from web.access.origin import origin_of
from web.access.problems import ForeignAddress
from web.api.endpoint import Call, Endpoint, Office
from web.api.fields import MOST_CREDITS, Flag, MoneyOut, PersonIn, identifier, number, said
from web.api.shapes import listed


class Package(Schema):
    """A price of so many credits at once."""

    price_id = fields.String(required=True)
    amount = fields.Nested(MoneyOut, required=True)
    units = fields.Integer(required=True)
    description = fields.String(required=True)


class SessionIn(PersonIn):
    """What to buy, and where to come back to; coming back grants nothing."""

    price_id = identifier(required=True)
    packages = number(1, 1000, load_default=1)
    return_url = fields.Url(
        required=True,
        schemes={"http", "https"},
        require_tld=False,
        validate=validate.Length(max=1000),
        metadata=said("With a customer's token, an address of the application itself."),
    )
    hosted = Flag(
        load_default=False, metadata=said("true: the provider's own page; false: inside ours.")
    )


class SessionOut(Schema):
    """A visit to the payment page: embedded by its secret, or hosted at its address."""

    id = fields.String(required=True)
    client_secret = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)
    status = fields.String(required=True, metadata=said("open, complete or expired."))


class SpendIn(Schema):
    """How many credits are used up."""

    credits = number(1, MOST_CREDITS, required=True)


class BalanceOut(Schema):
    """The wallet's sums: granted + shortfall = spent + revoked + available."""

    granted = fields.Integer(required=True)
    spent = fields.Integer(required=True)
    revoked = fields.Integer(required=True)
    available = fields.Integer(required=True)
    shortfall = fields.Integer(
        required=True, metadata=said("Credits taken back after they were spent.")
    )


def _packages(office: Office, _: Call) -> dict[str, object]:
    return {"data": checkout.packages(office.shop)}


def _buy(office: Office, call: Call) -> OpenSession:
    asked = {name: call.body[name] for name in ("price_id", "packages", "return_url", "hosted")}
    if call.caller.bearer is not None:
        _refuse_foreign(asked["return_url"], office.shop.brand.url)
    return checkout.buy_credits(office.shop, call.person, **asked, key=call.key, now=call.now)


def _refuse_foreign(url: str, ours: str) -> None:
    """Payers are sent to the application only: a token's holder could send others elsewhere."""
    if origin_of(url) != origin_of(ours):
        raise ForeignAddress


def _spend(office: Office, call: Call) -> Totals:
    scope, amount = office.shop.scope, call.body["credits"]
    return commands.spend_credits(office.ledger, scope, call.user_id, amount, call.key, call.now)


def _balance(office: Office, call: Call) -> Totals | dict[str, Any]:
    return office.queries.balance(call.user_id) or Totals()


ENDPOINTS = (
    Endpoint(
        name="listCreditPackages",
        call="GET /v1/catalog/credit-packages",
        about="The packages credits are sold in, the cheapest first.",
        need=Need("read", token=True),
        work=_packages,
        gives=listed("Packages", Package, "Packages of credits."),
        outbound=True,
    ),
    Endpoint(
        name="buyCredits",
        call="POST /v1/customers/{user_id}/credit-sessions",
        about="Opens the payment page for packages of credits.",
        need=Need("checkout", token=True),
        work=_buy,
        takes=SessionIn,
        gives=SessionOut,
        keyed=True,
        outbound=True,
        refusals=(NotOffered, KeyTaken, ForeignAddress),
    ),
    Endpoint(
        name="spendCredits",
        call="POST /v1/customers/{user_id}/credits/spend",
        about="Uses credits up, once for each key.",
        need=Need("credits"),
        work=_spend,
        takes=SpendIn,
        gives=BalanceOut,
        keyed=True,
        refusals=(InsufficientCredits, KeyReused),
    ),
    Endpoint(
        name="getBalance",
        call="GET /v1/customers/{user_id}/balance",
        about="A customer's credits.",
        need=Need("read", token=True),
        work=_balance,
        gives=BalanceOut,
    ),
)
