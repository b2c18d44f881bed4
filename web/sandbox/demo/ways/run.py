"""Walks each way through the real programs and the stand-in, and says whether each held."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ledger.settings import Settings
from web.sandbox.demo.processes import SANDBOX_KEY, System, free_port
from web.sandbox.demo.schemas import clear, made_up, named
from web.sandbox.demo.ways.calls import Application, Payer
from web.sandbox.demo.ways.charges import charges
from web.sandbox.demo.ways.credits import credits
from web.sandbox.demo.ways.dunning import dunning
from web.sandbox.demo.ways.furnish import CREDITS, issue_key, sell_credits
from web.sandbox.demo.ways.learning import learning
from web.sandbox.demo.ways.plans import plans
from web.sandbox.demo.ways.reacting import Reactor
from web.sandbox.demo.ways.steps import Scene, Way
from web.sandbox.mails.delivering import empty, write

WAYS: dict[str, tuple[str, Way]] = {
    "A learning platform: paths and group memberships": ("ada", learning),
    "Account charges, on the site and outside it": ("ben", charges),
    "Prepaid credits": ("cleo", credits),
    "Plans with upgrade, decline and downgrade": ("dora", plans),
}
"""Title -> (user id, way)."""

DECLINED = "A declined card, from grace to the starter plan and back"

NAMES = named("ways")


def walk(settings: Settings, url: str) -> bool:
    """Walks each way, printing its steps; True when every step held."""
    clear(url, NAMES)
    environment = {**made_up(url, NAMES, CREDITS), "PLATFORM": "LEAD"}
    with System(environment, free_port(), settings.webhook_path, free_port()) as system:
        app = Application(system.address, issue_key(system))
        assert system.sandbox is not None
        payer = Payer(system.sandbox, SANDBOX_KEY)
        sell_credits(payer)
        mails = empty(settings.data_dir.parent / "demo-mails")
        reactor = Reactor({**environment, **system.stand_in}, url, payer, mails)
        ways = {**WAYS, DECLINED: ("eli", dunning(reactor))}
        held = [_walked(title, way, Scene(app, payer, user)) for title, (user, way) in ways.items()]
    _show_mails(reactor)
    return all(held)


def _show_mails(reactor: Reactor) -> None:
    """Writes them as pages, since no server is left to show them."""
    told = ", ".join(f"{count} {kind}" for kind, count in sorted(reactor.kinds.items()))
    click.echo(f"{reactor.mails} mails were written: {told}")
    click.echo(f"  read them in a browser: {write(reactor.folder)}\n")


def _walked(title: str, way: Way, scene: Scene) -> bool:
    click.secho(title, bold=True)
    held = list(_shown(way(scene)))
    click.echo()
    return all(held)


def _shown(steps: Iterator[tuple[str, bool]]) -> Iterator[bool]:
    for said, held in steps:
        click.secho(f"  {'yes' if held else 'NO '}  {said}", fg="green" if held else "red")
        yield held
