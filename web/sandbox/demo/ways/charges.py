"""An account with charges: what is past due is paid on the site, and once by a link from staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from web.sandbox.demo.ways.calls import Json, until
from web.sandbox.demo.ways.steps import Scene, Step


def charges(scene: Scene) -> Iterator[Step]:
    """One charge is past due, one is not: the server works the amount out."""
    app, user, now = scene.app, f"customers/{scene.user}", datetime.now(UTC)
    app.call(f"PUT {user}", {"email": "Ben@example.com", "name": "Ben"})
    for charge_id, minor, days in (("tuition-1", 25_000, -3), ("tuition-2", 30_000, 30)):
        due = (now + timedelta(days=days)).isoformat()
        amount = {"minor": minor, "currency": "usd"}
        app.call(
            f"PUT {user}/charges/{charge_id}",
            {"amount": amount, "description": f"Tuition {charge_id[-1]}", "due_at": due},
        )
    asked = {"pay_past_due_only": True}
    opened = app.call(f"POST {user}/account-payment", asked)
    again = app.call(f"POST {user}/account-payment", asked)
    payment: Json = opened["payment"]
    held = payment["amount"] == {"minor": 25_000, "currency": "usd"}
    yield Step("only what is past due is asked for: 250.00 USD", held)
    same = again["payment"]["client_secret"] == payment["client_secret"]
    yield Step("asking twice opens one payment", same)

    scene.payer.pay(payment["client_secret"])
    until("the charge is paid", lambda: _status(scene, "tuition-1") == "paid")
    yield Step("the webhook is in: the charge is paid, the other is not", _is_open(scene))

    visit = scene.payer.post(
        "/v1/checkout/sessions",
        **{
            "mode": "payment",
            "customer_email": " BEN@Example.com ".strip(),
            "success_url": "https://example.com/thanks",
            "line_items[0][price_data][currency]": "usd",
            "line_items[0][price_data][unit_amount]": 12_000,
            "line_items[0][price_data][product_data][name]": "Books",
            "line_items[0][quantity]": 1,
        },
    )
    scene.payer.post(f"/sandbox/checkout/sessions/{visit['id']}/pay")
    until("the outside payment is known", lambda: len(_outside(scene)) == 1)
    yield Step("a payment by a link from staff finds him by his e-mail, marked external")


def _status(scene: Scene, charge_id: str) -> str | None:
    """None while the tables do not have the charge yet."""
    rows = scene.app.rows(f"customers/{scene.user}/charges")
    return next((str(row["status"]) for row in rows if row["charge_id"] == charge_id), None)


def _is_open(scene: Scene) -> bool:
    return _status(scene, "tuition-2") == "open"


def _outside(scene: Scene) -> list[Json]:
    payments = scene.app.rows(f"customers/{scene.user}/account-payments")
    return [each for each in payments if each["is_external"]]
