"""Products, plans, and agreements to pay a plan again and again: each payment is a sale."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from tests.ledger.providers.paypal_like import payers
from tests.ledger.providers.paypal_like.world import Json, Refused, World, amount, times

DAYS = {"DAY": 1, "WEEK": 7, "MONTH": 30, "YEAR": 365}
BILLED = ("ACTIVE", "SUSPENDED")


def create_product(world: World, asked: Json) -> Json:
    return world.new("PRODUCT", **asked)


def create_plan(world: World, asked: Json) -> Json:
    world.get("PRODUCT", asked["product"])
    return world.new("PLAN", **asked)


def plans(world: World, asked: Json) -> Json:
    return {"plans": [each for each in world.all("PLAN") if each["product"] == asked["product"]]}


def rename_product(world: World, asked: Json, id_: str) -> Json:
    product = world.get("PRODUCT", id_)
    product |= asked
    return product


def rename_plan(world: World, asked: Json, id_: str) -> Json:
    plan = world.get("PLAN", id_)
    plan |= asked
    return plan


def create(world: World, asked: Json) -> Json:
    """An agreement: in force when there is nothing to pay or a card that pays, else pending."""
    plan, card = world.get("PLAN", asked["plan"]), asked.pop("card", None)
    free = not Decimal(plan["amount"]["value"])
    if card and not free:
        _pays(world, card)
    agreement = world.new("AGREEMENT", **asked, card=card, ends=False, token="agreement-token")
    agreement |= {"status": "APPROVAL_PENDING", "cycle": None, "gives": plan["gives"]}
    agreement["first_amount"] = times(plan["amount"], agreement["quantity"])
    world.notify("BILLING.AGREEMENT.CREATED", agreement)
    if card or free:
        _begin_cycle(world, agreement, world.now)
    return agreement


def retrieve(world: World, asked: Json, id_: str) -> Json:
    return world.get("AGREEMENT", id_)


def approve(world: World, asked: Json, id_: str) -> Json:
    """The payer pays the first cycle in the page, with a card that is kept."""
    agreement = world.get("AGREEMENT", id_)
    if asked["card"] == payers.DECLINED:
        raise payers.declined()
    agreement["card"] = payers.keep(world, agreement["payer"], asked["card"])["id"]
    _begin_cycle(world, agreement, world.now)
    return agreement


def revise(world: World, asked: Json, id_: str) -> Json:
    """Another plan or quantity from now on; what more it costs until the cycle ends is paid now."""
    agreement = world.get("AGREEMENT", id_)
    due, card = _difference(world, agreement, asked), asked.get("card") or agreement["card"]
    if Decimal(due["value"]) > 0:
        _pays(world, card)
    plan = world.get("PLAN", asked["plan"])
    agreement |= {name: asked[name] for name in ("plan", "quantity")}
    agreement |= {"card": card, "gives": plan["gives"]}
    world.notify("BILLING.AGREEMENT.UPDATED", agreement)
    if Decimal(due["value"]) > 0:
        _sell(world, agreement, due)
    return agreement


def preview(world: World, asked: Json, id_: str) -> Json:
    return {"difference": _difference(world, world.get("AGREEMENT", id_), asked)}


def end(world: World, asked: Json, id_: str) -> Json:
    """Ends now, with the cycle, or (`never`) not after all."""
    agreement = world.get("AGREEMENT", id_)
    agreement["ends"] = asked["when"] == "with_cycle"
    if asked["when"] == "now":
        agreement |= {"status": "CANCELLED", "end_time": world.time}
    world.notify("BILLING.AGREEMENT.UPDATED", agreement)
    return agreement


def pass_time(world: World, days: int) -> None:
    """Lets time pass, and what falls due be paid."""
    until = world.now + timedelta(days=days)
    while True:
        due = [it for it in world.all("AGREEMENT") if it["status"] in BILLED and _end(it) <= until]
        if not due:
            break
        agreement = min(due, key=_end)
        world.now = max(world.now, _end(agreement))
        _renew(world, agreement)
    world.now = max(world.now, until)


def _renew(world: World, agreement: Json) -> None:
    if agreement["ends"]:
        agreement |= {"status": "CANCELLED", "end_time": world.time}
        world.notify("BILLING.AGREEMENT.UPDATED", agreement)
    else:
        _begin_cycle(world, agreement, _end(agreement))


def _begin_cycle(world: World, agreement: Json, start: datetime) -> None:
    """The next cycle, paid for; an agreement whose card does not pay is suspended for it."""
    plan = world.get("PLAN", agreement["plan"])
    end = start + timedelta(days=DAYS[plan["interval"]])
    agreement["cycle"] = {"start": start.isoformat(), "end": end.isoformat()}
    free = not Decimal(plan["amount"]["value"])
    paid = free or world.get("CARD", agreement["card"])["works"]
    agreement["status"] = "ACTIVE" if paid else "SUSPENDED"
    world.notify("BILLING.AGREEMENT.UPDATED", agreement)
    if paid:
        _sell(world, agreement, times(plan["amount"], agreement["quantity"]))


def _sell(world: World, agreement: Json, due: Json) -> None:
    said = {name: agreement[name] for name in ("payer", "cycle", "custom")}
    sale = world.new("SALE", agreement=agreement["id"], amount=due, **said)
    world.notify("PAYMENT.SALE.COMPLETED", sale)


def _difference(world: World, agreement: Json, asked: Json) -> Json:
    old, new = world.get("PLAN", agreement["plan"]), world.get("PLAN", asked["plan"])
    before = times(old["amount"], agreement["quantity"])
    after = times(new["amount"], asked["quantity"])
    start, end = (datetime.fromisoformat(agreement["cycle"][name]) for name in ("start", "end"))
    second = timedelta(seconds=1)
    left = Decimal((end - world.now) // second) / ((end - start) // second)
    more = (Decimal(after["value"]) - Decimal(before["value"])) * left
    return amount(more, after["currency_code"])


def _pays(world: World, card: str | None) -> None:
    if card is None:
        raise Refused(422, "NO_CARD", "there is no card to pay with")
    if not world.get("CARD", card)["works"]:
        raise payers.declined()


def _end(agreement: Json) -> datetime:
    return datetime.fromisoformat(agreement["cycle"]["end"])


ROUTES = (
    ("POST", "/v1/products", create_product),
    ("POST", "/v1/plans", create_plan),
    ("GET", "/v1/plans", plans),
    ("PATCH", "/v1/products/<id_>", rename_product),
    ("PATCH", "/v1/plans/<id_>", rename_plan),
    ("POST", "/v1/agreements", create),
    ("GET", "/v1/agreements/<id_>", retrieve),
    ("POST", "/v1/agreements/<id_>/revise", revise),
    ("POST", "/v1/agreements/<id_>/preview", preview),
    ("POST", "/v1/agreements/<id_>/end", end),
    ("POST", "/page/agreements/<id_>", approve),
)
