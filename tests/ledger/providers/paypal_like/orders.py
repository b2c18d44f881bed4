"""Orders and visits: a payer approves them in the page, and they are captured at once."""

from __future__ import annotations

from tests.ledger.providers.paypal_like import payers
from tests.ledger.providers.paypal_like.world import Json, Refused, World, times


def create(world: World, asked: Json) -> Json:
    world.get("PAYER", asked["payer"])
    return world.new("ORDER", status="CREATED", token="order-token", **asked)


def retrieve(world: World, asked: Json, id_: str) -> Json:
    return world.get("ORDER", id_)


def void(world: World, asked: Json, id_: str) -> Json:
    order = world.get("ORDER", id_)
    if order["status"] == "COMPLETED":
        raise Refused(422, "ORDER_ALREADY_CAPTURED", "it was paid")
    order["status"] = "VOIDED"
    world.notify("CHECKOUT.ORDER.VOIDED", order)
    return order


def approve(world: World, asked: Json, id_: str) -> Json:
    """The payer pays: a capture is made, or denied and the order stays open."""
    order = world.get("ORDER", id_)
    _check(asked, order)
    works = asked["card"] != payers.DECLINED
    capture = world.new(
        "CAPTURE",
        order=order["id"],
        order_time=order["create_time"],
        status="COMPLETED" if works else "DECLINED",
        **{name: order[name] for name in ("payer", "amount", "custom", "description")},
    )
    if works:
        order["status"] = "COMPLETED"
    world.notify("PAYMENT.CAPTURE.COMPLETED" if works else "PAYMENT.CAPTURE.DENIED", capture)
    return order


def refund(world: World, asked: Json, id_: str) -> Json:
    """The merchant gives (part of) it back, by hand in the provider's own pages."""
    made = world.new("REFUND", order=id_, amount=asked["amount"], status="COMPLETED")
    world.notify("PAYMENT.CAPTURE.REFUNDED", made)
    return made


def begin_visit(world: World, asked: Json) -> Json:
    plan = world.get("PLAN", asked["plan"])
    visit = world.new("VISIT", status="OPEN", token="visit-token", **asked)
    packages = asked["units"] // plan["units"]
    visit["amount"] = times(plan["amount"], packages)
    visit["url"] = f"https://pay.example/{visit['id']}"
    return visit


def visit(world: World, asked: Json, id_: str) -> Json:
    return world.get("VISIT", id_)


def complete(world: World, asked: Json, id_: str) -> Json:
    """The payer goes through the provider's own page."""
    found = world.get("VISIT", id_)
    _check(asked, found)
    said = {name: found[name] for name in ("payer", "amount", "custom")}
    order = create(world, {**said, "description": "a visit"})
    approve(world, {"token": order["token"], "card": asked["card"]}, order["id"])
    found["status"] = "COMPLETE"
    return found


def _check(asked: Json, thing: Json) -> None:
    if asked["token"] != thing["token"] or thing["status"] not in ("CREATED", "OPEN"):
        raise Refused(422, "NOT_APPROVABLE", "this cannot be paid")


ROUTES = (
    ("POST", "/v2/orders", create),
    ("GET", "/v2/orders/<id_>", retrieve),
    ("POST", "/v2/orders/<id_>/void", void),
    ("POST", "/v1/visits", begin_visit),
    ("GET", "/v1/visits/<id_>", visit),
    ("POST", "/page/orders/<id_>", approve),
    ("POST", "/page/orders/<id_>/refund", refund),
    ("POST", "/page/visits/<id_>", complete),
)
