"""`billing serve`: the webhook endpoint, and the API beside it."""

from __future__ import annotations

import click

from ledger.assembly import stripe_receiver
from ledger.database import database_url
from ledger.settings import Settings
from ledger.store.schema import migrate


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
@click.option("--threads", default=16, show_default=True, type=click.IntRange(1, 256))
def serve(host: str, port: int, workers: int, threads: int) -> None:
    """Take Stripe's webhooks (POST /webhooks/stripe) and serve the API (/v1) until SIGTERM."""
    from web.server import Server

    settings = Settings.from_environment()
    stripe_receiver(settings)
    url = database_url(settings, lambda sentence: click.echo(sentence, err=True))
    migrate(url, settings.names)
    click.echo(f"taking webhooks at http://{host}:{port}{settings.webhook_path}", err=True)
    click.echo(f"the API is described at http://{host}:{port}/docs/api", err=True)
    options = {
        "bind": f"{host}:{port}",
        "workers": workers,
        "threads": threads,
        "loglevel": "warning",
    }
    Server(settings, url, options).run()
