"""What is on sale where everything is made up, and the key to sell it with."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from web.sandbox.demo.processes import System
from web.sandbox.demo.ways.calls import Application, Payer

CREDITS = "prod_credits"
PACKAGES = {50: 500, 500: 4500}
"""Credits in a package -> its price in cents."""
SCOPES = ("read", "checkout", "credits", "charges", "catalog", "grants", "audit")
ENTRANCE_SECONDS = 3_600
PLANS = {"starter": ("Starter", 0), "premium": ("Premium", 1900), "team": ("Team", 4900)}


def issue_key(system: System) -> str:
    """A key that may do everything."""
    scopes = [part for scope in SCOPES for part in ("--scope", scope)]
    return system.run("keys", "issue", "demo", *scopes).strip()


def furnish(app: Application, payer: Payer) -> None:
    """Offers a path, two groups, three plans and packages of credits."""
    sell_credits(payer)
    path = {"name": "Event sourcing", "price": usd(4900)}
    app.call("PUT catalog/learning-paths/lp_1", path)
    once = {"name": "Workshop", "premium": "one_time", "price": usd(12_000)}
    app.call("PUT catalog/groups/workshop", once)
    monthly = {"name": "Ledger circle", "premium": "recurring", "interval": "month"}
    app.call("PUT catalog/groups/circle", {**monthly, "price": usd(900)})
    for plan_id, (name, minor) in PLANS.items():
        offer_plan(app, plan_id, name, minor)


def entrance(app: Application) -> str:
    """The path by which a browser comes in as Ada."""
    ada = {"email": "ada@example.com", "name": "Ada"}
    app.call("PUT customers/ada", ada)
    token = app.call("POST customers/ada/tokens", {**ada, "lifetime_seconds": ENTRANCE_SECONDS})
    return "/enter?" + urlencode({"token": token["token"], "next": "/account"})


def offer_plan(app: Application, plan_id: str, name: str, minor: int) -> None:
    """A monthly plan; the free one is the starter."""
    terms = {"name": name, "price": usd(minor), "interval": "month"}
    more = {"features": [f"plan:{plan_id}"], "starter": minor == 0}
    app.call(f"PUT catalog/plans/{plan_id}", {**terms, **more})


def sell_credits(payer: Payer) -> None:
    """The one product whose package prices are listed."""
    payer.post("/v1/products", id=CREDITS, name="Credits")
    for units, minor in PACKAGES.items():
        payer.post(
            "/v1/prices",
            **{
                "product": CREDITS,
                "currency": "usd",
                "unit_amount": minor,
                "nickname": f"{units} credits",
                "transform_quantity[divide_by]": units,
                "transform_quantity[round]": "up",
            },
        )


def usd(minor: int) -> dict[str, Any]:
    """An amount as the API takes it."""
    return {"minor": minor, "currency": "usd"}
