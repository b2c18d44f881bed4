"""`billing reobserve`: what would be different if today's code had run from the beginning."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
import msgspec

from ledger.assembly import rules
from ledger.settings import Settings
from projections.comparison import Difference
from projections.wording import described
from replay.reobserve import Reobservation
from replay.terminal import answer, as_json, asking, progress, quiet


class Reobserved(msgspec.Struct, frozen=True):
    """What was told again, and every table that differs then."""

    deliveries: dict[str, int]
    commands: dict[str, int]
    differences: list[Difference]


@click.command()
@as_json
def reobserve(as_json: bool) -> None:
    """Work all deliveries off again by today's code, in memory, and show what comes out otherwise.

    Commands (credits spent, payments claimed and the like) are done again at their place. Nothing
    is written. Exit status 1 when any row would be another; needs about as much memory as the
    Ledger is large.
    """
    with asking() as (past, _):
        run = Reobservation(past, rules(Settings.from_environment()))
        with quiet(), progress("working off", past.ledger.head()) as report:
            differences = [each for each in run.run(report) if not each.is_empty]
    found = Reobserved(dict(run.today.outcomes), dict(run.commands), differences)
    answer(as_json, found, _lines(found))
    sys.exit(1 if differences else 0)


def _lines(found: Reobserved) -> Iterator[str]:
    outcomes = ", ".join(f"{n} {name}" for name, n in sorted(found.deliveries.items()))
    commands = ", ".join(f"{n} {name}" for name, n in sorted(found.commands.items()))
    yield f"{sum(found.deliveries.values())} deliveries: {outcomes or 'none'}"
    yield f"other events: {commands or 'none'}"
    if not found.differences:
        yield "no difference: today's code makes of them what is recorded"
    for each in found.differences:
        yield from described(each)
