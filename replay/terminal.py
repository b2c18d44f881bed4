"""How the auditor's commands answer: lines for people, JSON for machines, and progress."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import click
import msgspec

from ledger.clerk import __name__ as clerk_log
from ledger.ids import Scope, parse_stream
from projections.cli import ON_TERMINALS, connected
from replay.happened import Happened
from replay.past import Past
from replay.sentences.words import when
from replay.whose import Place, Whose

as_json = click.option("--json", "as_json", is_flag=True, help="For machines.")
account = click.option("--account", default="", help="The connected account, acct_..., if any.")


@contextmanager
def asking(account: str = "") -> Iterator[tuple[Past, Whose]]:
    """The history the settings name, and what finds streams in it."""
    settings, url = connected()
    place = Place(url, settings.names, Scope("stripe", settings.livemode, account))
    with Past(url, settings.names) as past:
        yield past, Whose(past, place)


@contextmanager
def progress(label: str, length: int) -> Iterator[Callable[[int], None]]:
    """A bar on terminals; what it yields is told the position that is reached."""
    with click.progressbar(length=length, label=label, **ON_TERMINALS) as bar:
        yield lambda position: bar.update(position - bar.pos)


@contextmanager
def quiet() -> Iterator[None]:
    """Told again, deliveries are refused that were refused before: the summary counts them."""
    log = logging.getLogger(clerk_log)
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        log.setLevel(before)


def answer(as_json: bool, value: object, lines: Iterable[str]) -> None:
    """Prints a value whole, or what people read of it."""
    if as_json:
        click.echo(msgspec.json.encode(value).decode())
    else:
        for line in lines:
            click.echo(line)


def caused(event: Happened) -> str:
    """Where an event is recorded, when, and because of what."""
    if event.log != "ledger":
        return f"{event.log}:{event.position}, recorded {when(event.recorded_at)}, {_why(event)}"
    by = event.cause
    if event.cause_type is not None:
        by = f"{event.cause_type} {parse_stream(by).key}"
    return f"@{event.position}, recorded {when(event.recorded_at)}, by {by}"


def _why(event: Happened) -> str:
    """Of an act of ours: who did it, and the event that called for it."""
    if event.because is None:
        return f"by {event.cause}"
    by = "" if event.cause == event.because else f"by {event.cause}, "
    return f"{by}because of {event.because} (@{event.because_position})"


def count(rows: Sized) -> str:
    """How many rows there are."""
    return "1 row" if len(rows) == 1 else f"{len(rows)} rows"


def row(shown: Mapping[str, Any]) -> str:
    """A row in a line."""
    return "  ".join(f"{name}={value(each)}" for name, each in shown.items())


def value(each: object) -> str:
    """A value of a column."""
    if isinstance(each, datetime):
        return f"{each:%Y-%m-%dT%H:%M:%SZ}"
    if isinstance(each, tuple):
        return ",".join(map(str, each))
    return str(each)
