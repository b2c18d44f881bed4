"""`billing reactions`: what waits or is parked, and what a person decides about it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext, suppress
from typing import Literal, NamedTuple

import click
import msgspec
from eventsourcing.persistence import IntegrityError

from ledger.assembly import clock
from ledger.database import database_url
from ledger.event import Cause
from ledger.reactions.beginning import begin
from ledger.reactions.executor import TRIES
from ledger.reactions.listing import STATUSES, Listed, counts, latest, listed, told
from ledger.reactions.reaction import NothingToDo, Reaction
from ledger.reactions.store import Reactions, reactions_of
from ledger.settings import Settings
from ledger.store.log import LogReader

Word = Literal["retry", "dismiss"]
DECIDE: dict[Word, Callable[[Reaction, Cause], None]] = {
    "retry": Reaction.retry,
    "dismiss": Reaction.dismiss,
}


class Place(NamedTuple):
    """Where reactions are kept, and the Ledger they come of."""

    log: LogReader
    history: LogReader
    reactions: Reactions


@contextmanager
def opened() -> Iterator[Place]:
    """The place the settings name."""
    settings = Settings.from_environment()
    url, names = database_url(settings), settings.names
    with (
        closing(LogReader(url, names.reactions)) as log,
        closing(LogReader(url, names.ledger)) as history,
        Reactions(url, names) as reactions,
    ):
        yield Place(log, history, reactions)


@click.group()
def reactions() -> None:
    """Mail and calls to other systems: see what failed, and try again or let go."""


@reactions.command("list")
@click.option("--status", type=click.Choice(sorted(STATUSES)), default="parked", show_default=True)
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list_(status: str, limit: int, as_json: bool) -> None:
    """List reactions, the newest first: parked, waiting, done or dismissed."""
    with opened() as place:
        count, ids = counts(place.log)[status], latest(place.log, [status], limit)
        found = [listed(each) for each in reactions_of(place.log, ids).values()]
    click.echo(msgspec.json.encode(found).decode() if as_json else _lines(found, count, status))


def _lines(found: Sequence[Listed], count: int, status: str) -> str:
    more = [f"... and {count - len(found)} more"] if count > len(found) else []
    return "\n".join([*map(told, found), *more]) or f"none is {status}"


@reactions.command()
@click.argument("reaction", required=False)
@click.option("--all", "every", is_flag=True, help="All that are parked.")
def retry(reaction: str | None, every: bool) -> None:
    """Let a parked or waiting REACTION be tried again at once, and as often as at first."""
    _decide(reaction, every, "retry")


@reactions.command()
@click.argument("reaction", required=False)
@click.option("--all", "every", is_flag=True, help="All that are parked.")
def dismiss(reaction: str | None, every: bool) -> None:
    """Let go of a parked or waiting REACTION: its effect is never had."""
    _decide(reaction, every, "dismiss")


def _decide(reaction: str | None, every: bool, word: Word) -> None:
    if every == (reaction is not None):
        raise click.UsageError("name a reaction, or say --all")
    with opened() as place:
        ids = place.log.ending_in(STATUSES["parked"]) if reaction is None else [reaction]
        for each in ids:
            with suppress(NothingToDo) if every else nullcontext():
                _decide_one(place, each, word)
                click.echo(f"{word}: {each}")


def _decide_one(place: Place, id_: str, word: Word) -> None:
    """Raises NothingToDo; what the executor notes at the same moment comes first."""
    for left in reversed(range(TRIES)):
        reaction, now = reactions_of(place.log, [id_])[id_], clock()
        DECIDE[word](reaction, Cause(f"reactions {word}", now, now))
        try:
            place.reactions.append(reaction.collect_events())
            break
        except IntegrityError:
            if not left:
                raise


@reactions.command("begin")
@click.option(
    "--from",
    "position",
    required=True,
    metavar="POSITION",
    help="A position in the ledger, or `beginning`, or `end`.",
)
def begin_(position: str) -> None:
    """Say after which event of the ledger reactions begin; nothing is done twice.

    At the first start of all they begin at the end, so that old history has no effects.
    """
    with opened() as place:
        head = place.history.head()
        begin(place.reactions, place.log, _position(position, head), head, clock())
    click.echo(f"reactions begin after position {_position(position, head)} of {head}")


def _position(text: str, head: int) -> int:
    if text in ("beginning", "end"):
        return 0 if text == "beginning" else head
    if not (text.isascii() and text.isdigit()):
        raise click.UsageError("--from takes a position, `beginning` or `end`")
    return int(text)
