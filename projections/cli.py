"""The commands of this package: work, migrate, status, rebuild and fingerprint."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
import msgspec

from ledger.database import database_url
from ledger.settings import Settings
from ledger.store import schema as stores
from projections import schema
from projections.generations import Generation

if TYPE_CHECKING:
    from projections.comparison import Difference
    from projections.rebuild import Rebuild

ON_TERMINALS: dict[str, Any] = {"file": sys.stderr, "hidden": not sys.stderr.isatty()}
OTHER_SHAPE = (
    "the tables have other columns than this release writes: `billing work` makes fresh ones "
    "beside them and switches to these when no row differs; `billing rebuild` shows what does"
)


def connected() -> tuple[Settings, str]:
    """The settings, and the database they name."""
    settings = Settings.from_environment()
    return settings, database_url(settings, lambda sentence: click.echo(sentence, err=True))


def migrated() -> tuple[Settings, str]:
    """As `connected`, with everything there that this release needs."""
    settings, url = connected()
    stores.migrate(url, settings.names)
    if not schema.migrate(url, settings.names):
        click.echo(OTHER_SHAPE, err=True)
    return settings, url


@click.command()
def migrate() -> None:
    """Create or update schemas, tables and views; safe to run at any time."""
    settings, _ = migrated()
    click.echo(f"ready: finance reads schema {settings.names.finance}")


@click.command()
@click.option("--until-idle", is_flag=True, help="Work off what is there, and exit.")
def work(until_idle: bool) -> None:
    """Keep the books and the tables up with what comes in, until SIGTERM."""
    from projections.supervisor import supervise
    from projections.workers import run_until_idle

    settings, url = migrated()
    if until_idle:
        run_until_idle(settings, url)
    else:
        supervise(url)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(as_json: bool) -> None:
    """Say how far the workers are; exit status 1 when work waits and nobody does it."""
    from projections.status import status as ask
    from projections.wording import told

    found = ask(*connected())
    click.echo(msgspec.json.encode(found).decode() if as_json else told(found))
    sys.exit(0 if found.healthy else 1)


@click.command()
@click.option("--yes", is_flag=True, help="Switch even if rows differ.")
@click.option("--back", is_flag=True, help="Switch back to the tables before the last rebuild.")
@click.option("--json", "as_json", is_flag=True, help="For machines: nothing is asked.")
def rebuild(yes: bool, back: bool, as_json: bool) -> None:
    """Fold all history into fresh tables, show what differs, and switch to them.

    Without a difference it switches by itself; with one it asks, or with --json ends with exit
    status 1 unless --yes is given.
    """
    from projections.rebuild import Rebuild

    settings, url = migrated()
    with Rebuild(url, settings.names) as run:
        if back:
            return _shown(as_json, run.back())
        differences = _compared(run, as_json)
        same = all(each.is_empty for each in differences)
        if as_json and not (yes or same):
            _shown(as_json, None, differences)
            sys.exit(1)
        if not (yes or same):
            click.confirm("Switch to the rebuilt tables?", abort=True)
        return _shown(as_json, run.switch(run.write()), differences)


def _compared(run: Rebuild, as_json: bool) -> list[Difference]:
    """All of history folded, and how the tables in use differ."""
    from projections.wording import described

    with click.progressbar(length=run.end, label="folding", **ON_TERMINALS) as bar:
        run.fold(lambda position: bar.update(position - bar.pos))
    differences = run.compare()
    if not as_json:
        click.echo("\n".join(line for each in differences for line in described(each)))
    return differences


def _shown(as_json: bool, now: Generation | None, differences: Sequence[Difference] = ()) -> None:
    """Which tables finance reads now; none where nothing was switched."""
    if as_json:
        differing = [each for each in differences if not each.is_empty]
        click.echo(msgspec.json.encode({"switched_to": now, "differences": differing}).decode())
    elif now is not None:
        click.echo(f"finance reads generation {now.number} at position {now.position}")


@click.command()
def fingerprint() -> None:
    """Print one hash over all rows: the same facts give the same, in whatever order they came."""
    from projections.fingerprint import current_fingerprint

    settings, url = connected()
    position, digest = current_fingerprint(url, settings.names)
    click.echo(f"{settings.names.finance} at position {position}: {digest}")
