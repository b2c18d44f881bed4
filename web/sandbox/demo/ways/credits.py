"""Prepaid credits: a package is bought on Stripe's page, spent, and partly refunded."""

from __future__ import annotations

from collections.abc import Iterator

from web.sandbox.demo.ways.calls import CallFailed, until
from web.sandbox.demo.ways.steps import Scene, Step


def credits(scene: Scene) -> Iterator[Step]:
    """Two packages of 50 make 100 credits, when the money is in and not before."""
    app, user = scene.app, f"customers/{scene.user}"
    package = app.rows("catalog/credit-packages")[0]
    yield Step(f"packages are listed from Stripe's prices: {package['units']} credits a package")
    visit = app.call(
        f"POST {user}/credit-sessions",
        {
            "email": "cleo@example.com",
            "name": "Cleo",
            "price_id": package["price_id"],
            "packages": 2,
            "return_url": "https://example.com/credits",
            "hosted": True,
        },
        Idempotency_Key="cart-1",
    )
    yield Step("visiting the success page grants nothing", _balance(scene) == 0)
    scene.payer.post(f"/sandbox/checkout/sessions/{visit['id']}/pay")
    until("the credits are there", lambda: _balance(scene) == 100)
    yield Step("paid: 100 credits")

    for _ in range(2):
        app.call(f"POST {user}/credits/spend", {"credits": 70}, Idempotency_Key="run-1")
    until("the balance shows it", lambda: _balance(scene) == 30)
    yield Step("70 are spent, once, though the call came twice")
    yield _refused(scene)

    purchase = app.rows(f"{user}/purchases")[0]["purchase_id"]
    scene.payer.post("/v1/refunds", payment_intent=purchase)
    until("the refund is known", lambda: _shortfall(scene) == 70)
    yield Step("a full refund takes all 100 back: a shortfall of 70 shows what was spent")


def _refused(scene: Scene) -> Step:
    try:
        path = f"POST customers/{scene.user}/credits/spend"
        scene.app.call(path, {"credits": 31}, Idempotency_Key="run-2")
    except CallFailed as failed:
        return Step("31 more are refused: there are 30", failed.status == 409)
    return Step("31 more are refused", held=False)


def _balance(scene: Scene) -> int:
    return int(scene.app.call(f"GET customers/{scene.user}/balance")["available"])


def _shortfall(scene: Scene) -> int:
    return int(scene.app.call(f"GET customers/{scene.user}/balance")["shortfall"])
