"""`billing seal`, `verify` and `prove`: close history, see that nobody edited it, and show it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click
import msgspec
import psycopg

from ledger.assembly import clock
from ledger.errors import LedgerError
from ledger.settings import MissingSetting, Settings
from ledger.store.connection import conninfo, session
from projections.cli import ON_TERMINALS, connected
from projections.workers import TAKE_OVER_SECONDS, leadership

LONGEST_STATEMENT_SECONDS = 3_600.0
FOLDER = click.Path(file_okay=False, path_type=Path)


class SealerRuns(LedgerError):
    def __init__(self) -> None:
        super().__init__("a sealer runs already, in `billing work` or by hand: leave it to that")


@click.command()
@click.option("--new-key", is_flag=True, help="Make the file BILLING_SEAL_KEY_FILE names.")
def seal(new_key: bool) -> None:
    """Close everything all logs hold now with signed seals.

    `billing work` does the same by and by. The public key that is printed is what others check
    seals by: give it to them by another way than the seals.
    """
    if new_key:
        return click.echo(f"public key {_new_key()}")
    settings, url = connected()
    made, public = _seal(settings, url)
    return click.echo(f"{made} seals made, by key {public}")


@click.command()
@click.option("--full", is_flag=True, help="Go on after the first place, and name all.")
@click.option("--seals", type=FOLDER, help="Copies outside.  [default: BILLING_SEAL_DIR]")
@click.option("--key", "keys", multiple=True, metavar="HEX", help="Believe seals by this key.")
@click.option("--without-stripe", is_flag=True, help="Leave Stripe's own signatures out.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def verify(
    full: bool, seals: Path | None, keys: tuple[str, ...], without_stripe: bool, as_json: bool
) -> None:
    """Recompute every hash of all logs, and name the first place that does not fit.

    With a webhook secret, Stripe's own signature of each delivery is checked again too. Exit
    status 1 when something does not fit.
    """
    from ledger.sealing.copies import Copies
    from replay.seals.verifier import Verifier
    from replay.seals.wording import told

    settings, url = connected()
    folder, trusted = seals or settings.sealing.folder, trusted_keys(settings, keys)
    with reading(settings, url) as connection:
        verifier = Verifier(
            connection,
            settings.names,
            copies=Copies(folder) if folder else None,
            trusted=trusted,
            secrets=() if without_stripe else settings.webhook_secrets,
            full=full,
        )
        with progress(verifier.count(), "verifying") as tick:
            verdicts = verifier.verify(tick)
    click.echo(msgspec.json.encode(verdicts).decode() if as_json else told(verdicts, trusted))
    sys.exit(0 if all(each.fits for each in verdicts) else 1)


@click.command()
@click.argument("what")
def prove(what: str) -> None:
    """Print a proof, as JSON, that WHAT was there when it was sealed.

    WHAT is a provider's event id (evt_...), a stream, STREAM@VERSION, @POSITION (or
    ledger:POSITION) of an event, inbox:POSITION or reactions:POSITION. docs/check_proof.py checks
    the proof with nothing of ours.
    """
    from replay.seals.proof import prove

    settings, url = connected()
    with reading(settings, url) as connection:
        click.echo(prove(connection, settings.names, what).text, nl=False)


@contextmanager
def reading(settings: Settings, url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection for long reading that finds pages by their index."""
    by_index = {"enable_seqscan": "off", "enable_bitmapscan": "off", "enable_sort": "off"}
    long = session(settings.names.writer, LONGEST_STATEMENT_SECONDS)
    with psycopg.connect(conninfo(url, {**long, **by_index}), autocommit=True) as connection:
        yield connection


@contextmanager
def progress(length: int, label: str) -> Iterator[Callable[[int], None]]:
    """A bar on terminals."""
    with click.progressbar(length=length, label=label, **ON_TERMINALS) as bar:
        yield bar.update


def _new_key() -> str:
    from ledger.sealing.keys import new_key

    file = Settings.from_environment().sealing.key_file
    if file is None:
        raise MissingSetting("BILLING_SEAL_KEY_FILE", "where the new key is to be kept")
    return new_key(file).public


def _seal(settings: Settings, url: str) -> tuple[int, str]:
    from ledger.sealing.keys import needed_seal_key
    from ledger.sealing.sealer import Sealer

    key, lead = needed_seal_key(settings), leadership(settings, url, "sealer")
    try:
        if not lead.acquire(timeout=TAKE_OVER_SECONDS):
            raise SealerRuns
        with closing(Sealer(url, settings, key, clock)) as sealer:
            return sealer.seal(everything=True), key.public
    finally:
        lead.release()


def trusted_keys(settings: Settings, keys: tuple[str, ...]) -> list[str]:
    """The keys whose seals are believed: those named, and our own."""
    from ledger.sealing.keys import seal_key

    own = seal_key(settings)
    named = [*keys, *settings.sealing.trusted_keys]
    return [*named, own.public] if own else named
