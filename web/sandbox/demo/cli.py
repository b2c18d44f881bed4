"""`billing demo` and `billing run`: the whole system on this machine, shown or left running."""

from __future__ import annotations

import signal
import sys
import time
from datetime import UTC, datetime, timedelta
from random import Random
from types import FrameType

import click

from ledger.application import Ledger
from ledger.database import database_url
from ledger.settings import Settings
from ledger.settings.serving import DEFAULT_BRAND
from web.sandbox.deliver import Course, Receiver, Totals, deliver
from web.sandbox.demo.processes import SANDBOX_KEY, System, free_port
from web.sandbox.demo.schemas import clear, made_up, named
from web.sandbox.demo.story import NAMES, Demo, show
from web.sandbox.demo.ways.calls import Application, Payer
from web.sandbox.demo.ways.furnish import CREDITS, entrance, furnish, issue_key
from web.sandbox.demo.ways.run import walk
from web.sandbox.faults import Faults, plan, with_spends
from web.sandbox.mails.delivering import empty
from web.sandbox.truth.calendar import DAY
from web.sandbox.year import Year, simulate

RUN = named("run")
FAULTS = Faults(duplicates=0.15, shuffle=0.1, delay_seconds=3 * DAY, drops=0.02, outages=2)


@click.command()
@click.option("--customers", default=300, show_default=True, type=click.IntRange(1, 100_000))
@click.option("--seed", default=1, show_default=True, help="The same seed tells the same year.")
@click.option("--concurrency", default=8, show_default=True, type=click.IntRange(1, 64))
def demo(customers: int, seed: int, concurrency: int) -> None:
    """Four customers' ways through checkout, then a year of many, and what came out.

    The year's deliveries come twice, late and out of order. Exits with 0 only if all that was
    promised held.
    """
    settings = Settings.from_environment()
    url = database_url(settings, _say)
    _say("walking through four systems, with a stand-in for Stripe ...")
    walked = walk(settings, url)
    lived = _year(Demo(settings, url), customers, seed, concurrency)
    sys.exit(0 if walked and lived else 1)


def _year(story: Demo, customers: int, seed: int, concurrency: int) -> bool:
    """Lives a year and shows it; True when every promise held."""
    story.clear()
    _say("living a year ...")
    year = simulate(seed, customers, _a_year_ago())
    with story.system() as system, story.finance() as finance:
        totals = _deliver(story, system, year, seed, concurrency)
        _say("waiting for the workers ...")
        story.wait_until_idle(finance)
        system.check()
        live = system.run("fingerprint").split()[-1]
        _say("rebuilding all tables from history ...")
        system.run("rebuild", "--yes")
        again = system.run("fingerprint").split()[-1]
        return show(finance, totals, story.differences(finance, year), (live, again))


def _deliver(story: Demo, system: System, year: Year, seed: int, concurrency: int) -> Totals:
    bodies = list(year.bodies())
    random = Random(f"{seed}:faults")  # noqa: S311 - the same seed makes the same faults
    attempts = plan([fact.at for fact in year.truth.facts], FAULTS, random)
    entries = list(with_spends(attempts, year.spends))
    _say(f"{len(bodies)} events in {len(attempts)} deliveries, {len(year.spends)} times spending")
    ledger = Ledger(story.url, NAMES, pool_size=2)
    with (
        story.finance() as connection,
        click.progressbar(
            length=len(entries),
            label="delivering",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
            update_min_steps=200,
        ) as bar,
    ):
        course = Course(bodies, entries, story.spender(ledger, connection), lambda: bar.update(1))
        return deliver(course, Receiver(system.webhook_url, story.secret), concurrency)


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
def run(port: int) -> None:
    """Everything on this machine, left running to look at and call, until Ctrl-C.

    Without a STRIPE_SECRET_KEY a stand-in answers for Stripe, and schemas of its own start empty;
    with one it is the real thing.
    """
    settings = Settings.from_environment()
    url = database_url(settings, _say)
    system = _real(settings, url, port) if settings.secret_key else _on_sandbox(settings, url, port)
    with system:
        _invite(system, settings, url)
        _until_stopped(system)


def _real(settings: Settings, url: str, port: int) -> System:
    return System({"DATABASE_URL": url}, port, settings.webhook_path)


def _on_sandbox(settings: Settings, url: str, port: int) -> System:
    clear(url, RUN)
    mails = empty(settings.data_dir.parent / "run-mails")
    environment = {**_links(settings, port), **made_up(url, RUN, CREDITS)}
    return System(environment, port, settings.webhook_path, free_port(), mails)


def _links(settings: Settings, port: int) -> dict[str, str]:
    """Where the links in mails lead: to the ready pages, unless there is an application."""
    if settings.brand.url != DEFAULT_BRAND.url:
        return {}
    return {"BILLING_APP_URL": f"http://127.0.0.1:{port}/account"}


def _invite(system: System, settings: Settings, url: str) -> None:
    """Says where everything is, and sells something where it is all made up."""
    finance = settings.names.finance if system.sandbox is None else RUN.finance
    click.echo(f"API        {system.address}/docs/api")
    if system.sandbox is not None:
        key = issue_key(system)
        app = Application(system.address, key)
        furnish(app, Payer(system.sandbox, SANDBOX_KEY))
        click.echo(f"pages      {system.address}{entrance(app)}")
        click.echo(f"mails      {system.sandbox}/mails")
        click.echo(f"key        {key}")
        click.echo(f"Stripe     {system.sandbox}  (a stand-in: no money moves)")
    click.echo(f"webhooks   POST {system.webhook_url}")
    click.echo(f"health     {system.address}/health")
    click.echo(f"database   psql '{url}'  (finance reads the schema {finance})")
    click.echo("Ctrl-C stops it; the database keeps what it has.")


def _until_stopped(system: System) -> None:
    """Until SIGINT or SIGTERM, or until a child process is gone."""
    stopped: list[int] = []

    def stop(number: int, _: FrameType | None) -> None:
        stopped.append(number)

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    while not stopped:
        system.check()
        time.sleep(0.5)


def _a_year_ago() -> datetime:
    """365 days before this midnight, so that the simulated year ends today."""
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return midnight - timedelta(days=365)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
