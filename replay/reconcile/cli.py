"""`billing reconcile`: whether the tables say what Stripe says, and a repair where they do not."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import NamedTuple

import click
import msgspec

from ledger import bookkeeper
from ledger.assembly import clock, inbox, stripe_gateway
from ledger.errors import LedgerError
from ledger.ids import Scope
from ledger.providers.stripe.fees import Fees
from ledger.providers.stripe.inventory import MOVEMENTS, Inventory
from ledger.settings import Settings
from ledger.store.log import LogReader
from projections.cli import connected
from replay.reconcile import kinds
from replay.reconcile.approving import approve
from replay.reconcile.comparing import Comparison
from replay.reconcile.differences import Compared, Difference
from replay.reconcile.happenings import Happenings
from replay.reconcile.kinds import Kind
from replay.reconcile.repairing import Repair, Repaired
from replay.reconcile.rows import Tables
from replay.reconcile.wording import done_lines, lines, stopped
from replay.terminal import account, answer, as_json

OWN_ACCOUNT = "the platform's own account (without --account)"


class Reconciled(msgspec.Struct, frozen=True):
    """Rows compared by kind, events listed, what differs, and what was fetched, if anything was.

    `most` differences are repaired without their number being named.
    """

    account: str
    compared: dict[str, int]
    events: int
    most: int
    differences: list[Difference]
    repaired: Repaired | None = None


class Parts(NamedTuple):
    """What a run works with."""

    happenings: Happenings
    inventory: Inventory
    tables: Tables
    kinds: Mapping[str, Kind]


@click.command()
@account
@click.option("--repair", is_flag=True, help="Fetch what is missing where rows differ.")
@click.option("--yes", type=click.IntRange(0), help="Approve so many repairs, and ask nothing.")
@click.option(
    "--in-flight-minutes",
    default=30,
    show_default=True,
    type=click.IntRange(0),
    help="What is younger, or happened since, is not compared.",
)
@as_json
def reconcile(
    account: str, repair: bool, yes: int | None, in_flight_minutes: int, as_json: bool
) -> None:
    """Compare the tables with all that Stripe lists; nothing is changed without --repair.

    An error or an empty list of Stripe's is never a difference: it ends the run. A repair keeps
    deliveries, which the workers then work off like all others. Exit status 1 when anything
    differs and was not repaired, and when it could not be told or was stopped.
    """
    if yes is not None and not repair:
        raise click.UsageError("--yes says how many repairs are approved: it goes with --repair")
    settings, url = connected()
    with _parts(settings, url, account) as parts:
        compared = _compared(parts, settings, timedelta(minutes=in_flight_minutes))
        if not as_json:
            answer(False, None, lines(compared))
        done = None
        if repair and compared.differences:
            approve(compared, yes, as_json)
            done = _repaired(settings, url, parts, compared)
    if as_json:
        found = (compared.rows, compared.events, compared.most, compared.differences)
        answer(True, Reconciled(account, *found, done), ())
    elif done is not None:
        answer(False, None, done_lines(done))
    sys.exit(1 if compared.differences and done is None else 0)


@contextmanager
def _parts(settings: Settings, url: str, account: str) -> Iterator[Parts]:
    scope = Scope("stripe", settings.livemode, account)
    with ExitStack() as stack:
        stripe = stack.enter_context(closing(stripe_gateway(settings)))
        log = stack.enter_context(closing(LogReader(url, settings.names.inbox)))
        tables = stack.enter_context(closing(Tables(url, settings.names, account)))
        fees = settings.fetches_fees and _has_fees(url, settings)
        inventory = Inventory(stripe, scope, with_fees=fees)
        yield Parts(Happenings(stripe, scope, log), inventory, tables, kinds.compared(fees))


def _has_fees(url: str, settings: Settings) -> bool:
    """Whether all that payments cost has been fetched; else it would seem to be missing."""
    with closing(LogReader(url, settings.names.ledger)) as history:
        here = history.position(Fees.position) >= history.position(bookkeeper.POSITION)
    if not here:
        _say(f"{MOVEMENTS} are not compared: the worker that fetches them is behind")
    return here


def _compared(parts: Parts, settings: Settings, in_flight: timedelta) -> Compared:
    parts.tables.fit(settings.livemode)
    now = parts.happenings.time(clock())
    until = now - in_flight if in_flight else datetime.max.replace(tzinfo=UTC)
    comparison = Comparison(parts.tables, parts.kinds, until)
    events = partial(parts.happenings.seen, until, now, _progress)
    try:
        found = comparison.run(parts.inventory, events, now, _progress)
    finally:
        _on_terminals("")
    for other in parts.tables.other_accounts():
        _say(f"not compared: {f'--account {other}' if other else OWN_ACCOUNT}")
    return found


def _repaired(settings: Settings, url: str, parts: Parts, compared: Compared) -> Repaired:
    """What is kept stays, whoever stops it: it can be done again."""
    with inbox(settings, url, pool_size=1) as kept:
        repair = Repair(parts.happenings, parts.inventory, kept)
        try:
            return repair.run(compared, clock())
        except (LedgerError, KeyboardInterrupt):
            _say(stopped(repair.done))
            raise


def _progress(kind: str, count: int) -> None:
    _on_terminals(f"{kind}: {count} listed ")


def _on_terminals(line: str) -> None:
    """In place of the line before."""
    if sys.stderr.isatty():
        click.echo(f"\r\033[K{line}", nl=False, err=True)


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)
