"""Walks all four ways through the real programs and the stand-in, and says whether each held."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import click

from ledger.settings import Settings
from web.sandbox.demo.processes import SANDBOX_KEY, System, free_port
from web.sandbox.demo.schemas import clear, named, schemas
from web.sandbox.demo.ways.calls import Application, Payer
from web.sandbox.demo.ways.charges import charges
from web.sandbox.demo.ways.credits import credits
from web.sandbox.demo.ways.furnish import CREDITS, issue_key, sell_credits
from web.sandbox.demo.ways.learning import learning
from web.sandbox.demo.ways.plans import plans
from web.sandbox.demo.ways.steps import Scene, Way

WAYS: dict[str, tuple[str, Way]] = {
    "A learning platform: paths and group memberships": ("ada", learning),
    "Account charges, on the site and outside it": ("ben", charges),
    "Prepaid credits": ("cleo", credits),
    "Plans with upgrade, decline and downgrade": ("dora", plans),
}
"""Title -> (user id, way)."""

NAMES = named("ways")


def walk(settings: Settings, url: str) -> bool:
    """Walks each way, printing its steps; True when every step held."""
    clear(url, NAMES)
    with _system(settings, url) as system:
        app = Application(system.address, issue_key(system))
        assert system.sandbox is not None
        payer = Payer(system.sandbox, SANDBOX_KEY)
        sell_credits(payer)
        held = [_walked(title, app, payer) for title in WAYS]
    return all(held)


def _system(settings: Settings, url: str) -> System:
    environment = {
        "DATABASE_URL": url,
        "STRIPE_WEBHOOK_SECRET": "whsec_" + secrets.token_urlsafe(24),
        "STRIPE_CREDITS_PRODUCT_ID": CREDITS,
        "BILLING_TOKEN_SECRET": secrets.token_urlsafe(32),
        "PLATFORM": "LEAD",
        **schemas(NAMES),
    }
    return System(environment, free_port(), settings.webhook_path, free_port())


def _walked(title: str, app: Application, payer: Payer) -> bool:
    user, way = WAYS[title]
    click.secho(title, bold=True)
    held = list(_shown(way(Scene(app, payer, user))))
    click.echo()
    return all(held)


def _shown(steps: Iterator[tuple[str, bool]]) -> Iterator[bool]:
    for said, held in steps:
        click.secho(f"  {'yes' if held else 'NO '}  {said}", fg="green" if held else "red")
        yield held
