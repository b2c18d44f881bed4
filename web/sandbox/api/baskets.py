"""What a new Checkout Session is to sell, and how its payment is to be made."""

from __future__ import annotations

from dataclasses import replace

from web.sandbox.api.asked import Asked
from web.sandbox.api.params import Params
from web.sandbox.api.problems import needed, wrong
from web.sandbox.api.products import new_price
from web.sandbox.truth.catalog import Price, Product
from web.sandbox.truth.coupons import Coupon
from web.sandbox.truth.intents import Asked as Wanted
from web.sandbox.truth.sessions import Session, Sold

ITEM = (
    "price quantity price_data.currency price_data.unit_amount price_data.unit_amount_decimal "
    "price_data.product price_data.product_data.name price_data.product_data.metadata.* "
    "price_data.recurring.interval price_data.recurring.interval_count"
)
PAYMENT = (
    "description metadata.* setup_future_usage capture_method on_behalf_of "
    "application_fee_amount transfer_group transfer_data.destination transfer_data.amount"
)


def lines(asked: Asked, mode: str) -> tuple[Sold, ...]:
    """What is sold. Raises Problem for prices that do not go with the mode."""
    items = asked.params.parts("line_items")
    if mode == "setup":
        return ()
    if not items:
        raise needed("line_items")
    sold = tuple(_sold(asked, each) for each in items)
    recurring = [each for each in sold if each.price.interval]
    if mode == "payment" and recurring:
        text = "You specified `payment` mode but passed a recurring price."
        raise wrong("line_items[0][price]", text)
    if mode == "subscription" and (len(sold), len(recurring)) != (1, 1):
        text = "The sandbox knows `subscription` mode with exactly one, recurring, price."
        raise wrong("line_items", text)
    if len({each.price.currency for each in sold}) > 1:
        raise wrong("line_items", "All prices must have the same currency.")
    return sold


def with_discount(asked: Asked, session: Session) -> Session:
    """The session, less what a coupon takes off, if one is given."""
    for each in asked.params.parts("discounts"):
        coupon = asked.find(Coupon, "coupon", each.need("coupon"), "discounts[0][coupon]")
        off = coupon.off(session.amount_subtotal)
        return replace(session, coupon=coupon.id, discount=off)
    return session


def payment(asked: Asked, offered: tuple[str, ...]) -> Wanted:
    """How the payment is to be made; its amount and payer are known when it is."""
    data = asked.params.part("payment_intent_data")
    transfer = data.part("transfer_data")
    known = ("automatic", "automatic_async", "manual")
    return Wanted(
        account=asked.account,
        amount=0,
        description=data.text("description"),
        metadata=data.metadata(),
        capture=data.choice("capture_method", known, "automatic_async"),
        offered=offered,
        automatic=False,
        setup_future_usage=data.text("setup_future_usage"),
        destination=transfer.text("destination"),
        transfer_minor=transfer.positive("amount"),
        fee_minor=data.number("application_fee_amount"),
        on_behalf_of=data.text("on_behalf_of"),
        transfer_group=data.text("transfer_group"),
    )


def _sold(asked: Asked, item: Params) -> Sold:
    price = _price(asked, item)
    if not price.active:
        raise wrong(item.named("price"), f"The price specified is inactive: {price.id}")
    return Sold(
        id=asked.truth.new_id("li_1"),
        price=price,
        quantity=item.positive("quantity") or 1,
        description=asked.truth.get(Product, price.product).name,
    )


def _price(asked: Asked, item: Params) -> Price:
    if "price_data" in item:
        return new_price(asked, item.part("price_data"))
    return asked.find(Price, "price", item.need("price"), item.named("price"))
