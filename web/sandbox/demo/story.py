"""What the demo does, step by step, and whether each step held."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from typing import Any

import click
import msgspec
import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.application import Ledger
from ledger.assembly import clock
from ledger.commands import spend_credits
from ledger.errors import InsufficientCredits, LedgerError
from ledger.ids import Scope
from ledger.settings import Settings
from ledger.store.connection import conninfo
from web.sandbox.deliver import Totals
from web.sandbox.demo import report
from web.sandbox.demo.comparison import Difference, differences
from web.sandbox.demo.processes import System, free_port
from web.sandbox.demo.schemas import clear, named, schemas
from web.sandbox.lives.shop import PLATFORM
from web.sandbox.oracle import oracle
from web.sandbox.truth.spends import Spend
from web.sandbox.year import Year

NAMES = named("demo")

IDLE_SECONDS = 300.0
POLL_SECONDS = 0.05


class NotIdle(LedgerError):
    def __init__(self) -> None:
        super().__init__(f"the workers did not catch up in {IDLE_SECONDS:g} s")


class Demo:
    """One run of the demo against the database at `url`."""

    def __init__(self, settings: Settings, url: str) -> None:
        self.url = url
        self._scope = Scope("stripe", settings.livemode)
        self._settings = settings
        self.secret = "whsec_" + secrets.token_urlsafe(24)
        self.accepted: list[Spend] = []

    def clear(self) -> None:
        """Removes what an earlier run left in the demo's own schemas."""
        clear(self.url, NAMES)

    def system(self) -> System:
        """The endpoint and the workers, with the demo's schemas, secret and platform."""
        environment = {
            "DATABASE_URL": self.url,
            "STRIPE_WEBHOOK_SECRET": self.secret,
            "PLATFORM": PLATFORM,
            **schemas(NAMES),
        }
        return System(environment, free_port(), self._settings.webhook_path)

    def spender(self, ledger: Ledger, connection: Connection[Any]) -> Callable[[Spend], bool]:
        """Spends credits as an application does; waits once for a purchase still under way."""

        def spend(entry: Spend) -> bool:
            scope = msgspec.structs.replace(self._scope, account=entry.account)
            for last in (False, True):
                try:
                    spend_credits(
                        ledger, scope, entry.customer_id, entry.credits, entry.key, clock()
                    )
                except InsufficientCredits:
                    if not last:
                        self.wait_until_idle(connection)
                    continue
                self.accepted.append(entry)
                return True
            return False

        return spend

    def finance(self) -> Connection[Any]:
        """A connection that may read what finance may, and nothing else."""
        return psycopg.connect(conninfo(self.url, {"role": NAMES.reader}), autocommit=True)

    def wait_until_idle(self, connection: Connection[Any]) -> None:
        """Until all that was received is in the tables. Raises NotIdle."""
        query = SQL("SELECT waiting_deliveries + lag_events FROM {}.freshness")
        give_up = time.monotonic() + IDLE_SECONDS
        while time.monotonic() < give_up:
            row = connection.execute(query.format(Identifier(NAMES.finance))).fetchone()
            if row and row[0] == 0:
                return
            time.sleep(POLL_SECONDS)
        raise NotIdle

    def differences(self, connection: Connection[Any], year: Year) -> list[Difference]:
        """Where the tables and the simulator's truth disagree."""
        truth = oracle(year.truth, platform=PLATFORM, spends=self.accepted)
        return differences(connection, NAMES.finance, truth)


def show(
    connection: Connection[Any], totals: Totals, found: Iterable[Difference], prints: Iterable[str]
) -> bool:
    """Prints what came out; True when all of it held."""
    report.tables(connection, NAMES.finance)
    outcomes = report.outcomes(connection, NAMES.finance)
    wrong, (live, again) = list(found), prints
    kept = sum(outcomes.values())
    click.secho("Deliveries", bold=True)
    told = ", ".join(f"{outcomes.get(name, 0)} {name}" for name in report.OUTCOMES)
    click.echo(f"  {totals.new + totals.duplicate} answered 200, {totals.duplicate} as duplicates")
    click.echo(f"  {kept} kept: {told}")
    click.echo(f"  {totals.spent} times credits were spent, {totals.unspent} refused\n")
    for one in wrong[:10]:
        click.secho(
            f"  {one.table} {one.key} {one.column}: {one.found!r}, not {one.truth!r}", fg="red"
        )
    held = {
        "every delivery answered 2xx is kept once": kept == totals.new and not totals.lost,
        "nothing was refused": totals.refused == outcomes.get("refused", 0) == 0,
        "the tables say what is true": not wrong,
        "a rebuild from history gives the same fingerprint": live == again,
    }
    for promise, holds in held.items():
        click.secho(f"  {'yes' if holds else 'NO '}  {promise}", fg="green" if holds else "red")
    click.echo(f"\n  fingerprint {live}")
    return all(held.values())
