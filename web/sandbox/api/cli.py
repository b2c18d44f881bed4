"""`billing sandbox`: the stand-in for Stripe's API, with webhooks to the ledger."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from types import FrameType
from typing import Any

import click

from ledger.settings import MissingSetting, Settings
from web.sandbox.api.endpoints import Endpoint, Tries
from web.sandbox.api.running import running
from web.sandbox.api.world import World
from web.sandbox.render.versions import NEWEST, VERSIONS


@click.command()
@click.option("--port", default=12111, show_default=True, type=click.IntRange(0, 65535))
@click.option("--webhook", "webhooks", multiple=True, help="URL for the platform's own events.")
@click.option("--connect-webhook", "connected", multiple=True, help="URL for connected accounts'.")
@click.option("--secret", help="Signs the webhooks; STRIPE_WEBHOOK_SECRET if not given.")
@click.option("--api-version", type=click.Choice(VERSIONS), default=NEWEST, show_default=True)
@click.option("--retry-scale", default=1.0, show_default=True, help="Times Stripe's own waiting.")
@click.option("--mails", type=click.Path(path_type=Path), help="Shows a folder's at /mails.")
def sandbox(port: int, retry_scale: float, mails: Path | None, **told: Any) -> None:
    """Answer Stripe's calls on this machine, and post signed webhooks of what comes of them.

    Takes any key that begins with sk_test_. What it knows is gone when it ends.
    """
    endpoints = list(_endpoints(**told))
    with running(World(), endpoints, port, Tries(retry_scale), mails) as url:
        click.echo(f"STRIPE_API_BASE={url}")
        for endpoint in endpoints:
            click.echo(f"webhooks to {endpoint.url}", err=True)
        _until_stopped()


def _endpoints(
    webhooks: Sequence[str], connected: Sequence[str], secret: str | None, api_version: str
) -> Iterator[Endpoint]:
    """Raises MissingSetting when there are webhooks to send and nothing to sign them with."""
    targets = [(url, False) for url in webhooks] + [(url, True) for url in connected]
    for url, connect in targets:
        key = secret or next(iter(Settings.from_environment().webhook_secrets), None)
        if key is None:
            raise MissingSetting("STRIPE_WEBHOOK_SECRET", "webhooks are signed with it")
        yield Endpoint(url, key, api_version, connect)


def _until_stopped() -> None:
    """Until SIGINT or SIGTERM."""
    stopped = Event()

    def stop(number: int, _: FrameType | None) -> None:
        stopped.set()

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    stopped.wait()
