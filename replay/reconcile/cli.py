"""`billing reconcile`: whether the tables say what Stripe says, and a repair where they do not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import click
import msgspec

from ledger.assembly import clock, inbox, stripe_gateway
from ledger.errors import LedgerError
from ledger.ids import Scope
from ledger.providers.stripe.inventory import Inventory
from ledger.settings import Settings
from ledger.store.log import LogReader
from projections.cli import connected
from replay.reconcile.comparing import Compared, Comparison, Difference
from replay.reconcile.repairing import Happenings, Repair, Repaired
from replay.reconcile.rows import Tables
from replay.terminal import account, answer, as_json


class TooManyDifferences(LedgerError):
    """So many are rather a fault of the question than of the answers."""

    def __init__(self, differences: int, compared: int, most: int) -> None:
        self.differences = differences
        super().__init__(
            f"{differences} of {compared} rows differ, and no more than {most} are repaired "
            f"without looking: nothing was changed; --yes {differences} repairs them"
        )


class OtherNumber(LedgerError):
    """What was approved is not what there is (any more)."""

    def __init__(self, approved: int, differences: int) -> None:
        super().__init__(f"{approved} repairs were approved, and there are {differences}")


class Reconciled(msgspec.Struct, frozen=True):
    """Rows compared by kind, what differs, and what was fetched, if anything was."""

    compared: dict[str, int]
    differences: list[Difference]
    repaired: Repaired | None = None


class Parts(NamedTuple):
    """What a run works with."""

    happenings: Happenings
    inventory: Inventory
    tables: Tables


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
    deliveries, which the workers then work off like all others. Exit status 1 when rows differ.
    """
    settings, url = connected()
    with _parts(settings, url, account) as parts:
        now = clock()
        compared = _compared(parts, now, timedelta(minutes=in_flight_minutes))
        if not as_json:
            answer(False, None, _lines(compared))
        done = None
        if repair and compared.differences:
            _approve(compared, yes, as_json)
            done = _repaired(settings, url, parts, compared)
    if as_json:
        answer(True, Reconciled(compared.rows, compared.differences, done), ())
    elif done is not None:
        answer(False, None, _done_lines(done))
    sys.exit(1 if compared.differences and done is None else 0)


@contextmanager
def _parts(settings: Settings, url: str, account: str) -> Iterator[Parts]:
    scope = Scope("stripe", settings.livemode, account)
    with (
        closing(stripe_gateway(settings)) as stripe,
        closing(Tables(url, settings.names, account)) as tables,
    ):
        yield Parts(Happenings(stripe, account), Inventory(stripe, scope), tables)


def _compared(parts: Parts, now: datetime, in_flight: timedelta) -> Compared:
    parts.tables.fresh()
    until, moving = datetime.max.replace(tzinfo=UTC), set[str]()
    if in_flight:
        until = now - in_flight
        moving = {id_ for each in parts.happenings.since(until, now) for id_ in each.about}
    return Comparison(parts.tables, until, moving).run(parts.inventory, now, _progress)


def _progress(kind: str, count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r{kind}: {count} listed ", nl=False, err=True)


def _approve(compared: Compared, yes: int | None, as_json: bool) -> None:
    """Raises TooManyDifferences, OtherNumber, and Abort when a person says no."""
    count = len(compared.differences)
    if yes is not None:
        if yes != count:
            raise OtherNumber(yes, count)
        return
    if count > compared.most:
        raise TooManyDifferences(count, compared.compared, compared.most)
    if as_json:
        raise click.UsageError("with --json, --yes says how many repairs are approved")
    click.confirm(f"Fetch what Stripe says of {count} rows?", abort=True)


def _repaired(settings: Settings, url: str, parts: Parts, compared: Compared) -> Repaired:
    with (
        inbox(settings, url, pool_size=1) as kept,
        closing(LogReader(url, settings.names.inbox)) as log,
    ):
        return Repair(parts.happenings, parts.inventory, kept, log).run(compared, clock())


def _lines(compared: Compared) -> Iterator[str]:
    for kind, rows in compared.rows.items():
        count = sum(each.kind == kind for each in compared.differences)
        yield f"{kind:<14} {rows:>7} compared {count:>7} differ"
    for each in compared.differences:
        yield f"{each.kind} {each.key}: {WORDS[each.what]}"
        for name, (ours, theirs) in each.columns.items():
            yield f"    {name}: {ours} here, {theirs} at Stripe"


def _done_lines(done: Repaired) -> Iterator[str]:
    yield f"{done.events} events and {done.objects} objects were fetched and kept"
    yield from (f"{key} is not at Stripe: it stays as it is" for key in done.gone)
    yield "once the workers are done, reconcile again"


WORDS = {
    "missing": "not in the tables",
    "differs": "differs",
    "not_listed": "in the tables, and not listed by Stripe",
}
