"""`billing doctor`: what is set, what answers, and what to do about the rest."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import msgspec
import psycopg

from ledger.assembly import clock
from ledger.database import database_url
from ledger.doctor import database, settings
from ledger.doctor.finding import Finding, examined, wrong
from ledger.providers.problems import ProviderProblem
from ledger.settings import Settings
from ledger.store.connection import conninfo

MARKS = {"good": ("ok   ", "green"), "odd": ("odd  ", "yellow"), "wrong": ("WRONG", "red")}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def doctor(as_json: bool) -> None:
    """Look at settings, database and Stripe, and say what to do; exit status 1 if one is wrong.

    Changes nothing, neither here nor at Stripe.
    """
    found = list(_findings(Settings.from_environment()))
    if as_json:
        click.echo(msgspec.json.encode(found).decode())
    else:
        for each in found:
            _show(each)
    sys.exit(1 if any(each.level == "wrong" for each in found) else 0)


def _findings(given: Settings) -> Iterator[Finding]:
    yield from examined(given, settings.CHECKS)
    yield from _of_database(given)
    if given.secret_key is not None:
        yield from _of_stripe(given, given.secret_key)


def _of_database(given: Settings) -> Iterator[Finding]:
    url = database_url(given, lambda sentence: click.echo(sentence, err=True))
    try:
        with psycopg.connect(conninfo(url, {}), autocommit=True) as connection:
            yield from examined(database.Place(connection, given.names), database.CHECKS)
    except psycopg.OperationalError as problem:
        remedy = "start it, or set DATABASE_URL to where it is"
        yield wrong("database", f"does not answer: {' '.join(str(problem).split())}", remedy)


def _of_stripe(given: Settings, secret_key: str) -> Iterator[Finding]:
    from ledger.providers.stripe.client import Connection  # a third of a second, seldom needed
    from ledger.providers.stripe.examination import CHECKS, Examined, ask

    connection = Connection(secret_key, given.api_base, retries=0)
    try:
        endpoints, skew_seconds = ask(connection, clock())
    except ProviderProblem as problem:
        yield wrong("Stripe", str(problem), "mend the key or its rights, or try again")
        return
    finally:
        connection.close()
    about = Examined(
        endpoints, skew_seconds, given.webhook_path, given.livemode, given.tolerance_seconds
    )
    yield from examined(about, CHECKS)


def _show(found: Finding) -> None:
    mark, colour = MARKS[found.level]
    click.echo(f"{click.style(mark, fg=colour)} {found.subject}: {found.said}")
    if found.remedy:
        click.echo(f"      -> {found.remedy}")
