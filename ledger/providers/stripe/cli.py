"""`billing backfill`: what Stripe has and we have not, fetched and kept."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta

import click
import msgspec

from ledger.assembly import clock, inbox, stripe_gateway
from ledger.database import database_url
from ledger.errors import LedgerError
from ledger.providers.stripe.backfill import Backfill
from ledger.settings import Settings
from ledger.store.log import LogReader
from ledger.store.schema import migrate

KEPT_DAYS = 30  # Stripe lists no older events


@click.command()
@click.option(
    "--days", default=KEPT_DAYS, show_default=True, type=click.IntRange(1, KEPT_DAYS), help="Back."
)
@click.option("--undelivered-only", is_flag=True, help="Only what no webhook got through with.")
@click.option("--account", default="", metavar="ACCT", help="Of a connected account.")
@click.option("--type", "types", multiple=True, help="Only this type; may be repeated.")
@click.option("--dry-run", is_flag=True, help="Only say what is missing.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def backfill(
    days: int,
    undelivered_only: bool,
    account: str,
    types: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Fetch events that are missing here from Stripe, which keeps them for 30 days.

    Safe to repeat, and beside live webhooks: each event is kept once. An error of Stripe's ends it
    and changes nothing; what was fetched before stays.
    """
    from ledger.providers.stripe.gateway import EventQuery

    settings = Settings.from_environment()
    delivered = False if undelivered_only else None
    query = EventQuery(clock() - timedelta(days=days), types, delivered, account)
    with closing(stripe_gateway(settings)) as gateway, _run(settings, account, dry_run) as run:
        try:
            _take_all(run, gateway.pages(query), query.since)
        except LedgerError:
            if run.listed:
                click.echo(f"until it failed: {told(run, dry_run)}", err=True)
            raise
    click.echo(as_json_of(run) if as_json else told(run, dry_run))
    for problem in run.unreadable:
        click.echo(problem, err=True)
    sys.exit(1 if run.unreadable else 0)


def told(run: Backfill, dry_run: bool) -> str:
    """What came out, in a line for each type."""
    there, new = run.listed.total(), run.new.total()
    if not there:
        return "Stripe lists no such events: nothing changes"
    verb = "would be new" if dry_run else "new"
    types = [f"  {type_:<40} {run.new[type_]:>7} of {n}" for type_, n in sorted(run.listed.items())]
    return "\n".join(
        [f"{there} events at Stripe, {there - new} already here, {new} {verb}", *types]
    )


def as_json_of(run: Backfill) -> str:
    """The same for machines: events listed and new, by type."""
    found = {"listed": run.listed, "new": run.new, "unreadable": run.unreadable}
    return msgspec.json.encode(found, order="sorted").decode()


@contextmanager
def _run(settings: Settings, account: str, dry_run: bool) -> Iterator[Backfill]:
    url = database_url(settings, lambda sentence: click.echo(sentence, err=True))
    if not dry_run:
        migrate(url, settings.names)
    with (
        inbox(settings, url, pool_size=1) as opened,
        closing(LogReader(url, settings.names.inbox)) as log,
    ):
        yield Backfill(opened, log, account, dry_run)


def _take_all(run: Backfill, pages: Iterable[Sequence[bytes]], since: datetime) -> None:
    """Page by page back in time, which is what the bar shows: nobody says how many there are."""
    now = clock()
    with click.progressbar(
        length=int((now - since).total_seconds()),
        label="backfilling",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    ) as bar:
        for page in pages:
            oldest = run.take(page, clock())
            if oldest is not None:
                bar.update(int((now - oldest).total_seconds()) - bar.pos)
