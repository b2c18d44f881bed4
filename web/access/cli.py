"""`billing keys`: issue, list, rotate and revoke the keys applications call with."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import click

from ledger.aggregates.api_key import Key, Terms
from ledger.application import Ledger
from ledger.assembly import clock
from ledger.database import database_url
from ledger.keys import all_keys, issue_key, keys_stream, revoke_key, rotate_key
from ledger.settings import Settings
from web.access.keys import key_text
from web.access.scopes import SCOPES

KEY_ID_BYTES = 6
SECRET_BYTES = 32  # see digest_of for why these are enough

Place = tuple[Ledger, str]


@click.group()
def keys() -> None:
    """The API keys applications call with."""


@keys.command()
@click.argument("name")
@click.option(
    *("--scope", "scopes"),
    type=click.Choice(list(SCOPES)),
    multiple=True,
    required=True,
    help="What it may be used for; may be given several times.",
)
@click.option("--days", type=click.IntRange(1, 3650), help="How long it is good, if not for ever.")
def issue(name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """A new key for the application NAME. It is shown this once."""
    now = clock()
    expires_at = now + timedelta(days=days) if days else None
    key_id, secret = secrets.token_hex(KEY_ID_BYTES), secrets.token_hex(SECRET_BYTES)
    with _place() as (ledger, stream):
        terms = Terms(name, tuple(sorted(set(scopes))), expires_at)
        issue_key(ledger, stream, key_id, secret, terms, now)
    click.echo(key_text(key_id, secret))


@keys.command()
@click.argument("key_id")
@click.option(
    *("--overlap-minutes", "minutes"),
    default=60,
    show_default=True,
    type=click.IntRange(0, 60 * 24 * 30),
    help="How long the secret before is good besides.",
)
def rotate(key_id: str, minutes: int) -> None:
    """Another secret for the key KEY_ID. It is shown this once."""
    secret = secrets.token_hex(SECRET_BYTES)
    with _place() as (ledger, stream):
        rotate_key(ledger, stream, key_id, secret, timedelta(minutes=minutes), clock())
    click.echo(key_text(key_id, secret))


@keys.command()
@click.argument("key_id")
def revoke(key_id: str) -> None:
    """End the key KEY_ID for good; servers stop taking it within five seconds."""
    with _place() as (ledger, stream):
        revoke_key(ledger, stream, key_id, clock())
    click.echo(f"{key_id} is revoked")


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document.")
def list_(as_json: bool) -> None:
    """Every key ever issued, and whether it is good; never a secret."""
    with _place() as (ledger, stream):
        rows = [_row(key, clock()) for key in all_keys(ledger, stream).values()]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value is not None))


def _row(key: Key, now: datetime) -> dict[str, str | None]:
    return {
        "key_id": key.key_id,
        "state": "good" if key.is_good(now) else "revoked" if key.revoked_at else "expired",
        "name": key.terms.name,
        "scopes": ",".join(key.terms.scopes),
        "issued_at": _told(key.issued_at),
        "rotated_at": _told(key.rotated_at),
        "expires_at": _told(key.terms.expires_at),
        "revoked_at": _told(key.revoked_at),
    }


def _told(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None


@contextmanager
def _place() -> Iterator[Place]:
    """The ledger, and where in it the keys are."""
    settings = Settings.from_environment()
    url = database_url(settings, lambda sentence: click.echo(sentence, err=True))
    with Ledger(url, settings.names, pool_size=1) as ledger:
        yield ledger, keys_stream(settings.livemode)
