"""A learning platform: a path bought once, a group joined for a monthly fee."""

from __future__ import annotations

from collections.abc import Iterator

from ledger.money import Money
from web.sandbox.demo.ways.calls import DECLINED, CallFailed, until
from web.sandbox.demo.ways.steps import Scene, Step

PRICE = {"minor": 4900, "currency": "usd"}
FEE = {"minor": 900, "currency": "usd"}


def learning(scene: Scene) -> Iterator[Step]:
    """Declined, then paid; the webhook unlocks, not the browser; then a membership."""
    app, user = scene.app, f"customers/{scene.user}"
    app.call("PUT catalog/learning-paths/lp_1", {"name": "Event sourcing", "price": PRICE})
    group = {"name": "Ledger circle", "premium": "recurring", "price": FEE, "interval": "month"}
    offered = app.call("PUT catalog/groups/g_1", group)
    yield Step(f"a path for 49.00 USD and a monthly group are offered ({offered['price_id']})")

    app.call(f"PUT {user}", {"email": "ada@example.com", "name": "Ada"})
    opened = app.call(f"POST {user}/learning-paths/lp_1/payment")
    yield _declined(scene, opened["client_secret"])
    again = app.call(f"POST {user}/learning-paths/lp_1/payment")
    yield Step("asking again gives the payment that is open", again["id"] == opened["id"])

    scene.payer.pay(opened["client_secret"])
    until("the path is unlocked", lambda: app.may_use(scene.user, "learning_path:lp_1"))
    until("the receipt is there", lambda: bool(app.rows(f"{user}/receipts")))
    receipt = app.rows(f"{user}/receipts")[0]
    paid = Money(receipt["amount_paid_minor"], receipt["currency"])
    yield Step(f"paid: the path is unlocked, the receipt says {paid}", paid == Money(4900, "usd"))

    joined = app.call(f"POST {user}/groups/g_1/subscription", {"cart_id": "cart_7", "quantity": 1})
    yield Step("subscribed, not paid: no access", not app.may_use(scene.user, "group:g_1"))
    scene.payer.pay(joined["client_secret"])
    until("the group lets her in", lambda: app.may_use(scene.user, "group:g_1"))
    yield Step("the first bill is paid: she is a member")


def _declined(scene: Scene, client_secret: str) -> Step:
    """The browser's word grants nothing, a declined card still less."""
    try:
        scene.payer.pay(client_secret, DECLINED)
    except CallFailed as failed:
        locked = not scene.app.may_use(scene.user, "learning_path:lp_1")
        return Step("the first card is declined: still locked", failed.status == 402 and locked)
    return Step("the first card is declined", held=False)
