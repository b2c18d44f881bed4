"""`billing refused` and `billing retry`: what was refused and why, and another try at it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click

from ledger.application import Ledger
from ledger.assembly import clock, rules
from ledger.bookkeeper import stored_streams
from ledger.delivery import Delivery
from ledger.errors import NotRefused
from ledger.retrying import Attempt, attempt, retry
from projections.cli import connected
from replay.history import UnknownSubject
from replay.past import Past
from replay.refusals import RefusedDelivery, Tried, refusals, tried
from replay.sentences.words import when
from replay.terminal import account, answer, as_json, asking, progress
from replay.whose import Whose

limit_option = click.option("--limit", type=click.IntRange(1), help="At most so many.")


@click.command()
@limit_option
@as_json
def refused(limit: int | None, as_json: bool) -> None:
    """List the deliveries that are refused, the newest first, with the reason."""
    with asking() as (past, whose):
        found = refusals(past, whose.refused()[:limit])
    answer(as_json, found, _refused_lines(found))


@click.command("retry")
@click.argument("delivery", required=False)
@click.option("--all", "every", is_flag=True, help="All that are refused, the oldest first.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, and do nothing.")
@limit_option
@account
@as_json
def retry_command(
    delivery: str | None, every: bool, dry_run: bool, limit: int | None, **given: bool | str
) -> None:
    """Work a refused DELIVERY off again (evt_..., or its whole id), by the code of today.

    What becomes of it is recorded like at first, and the table of deliveries shows it. A bookkeeper
    may be at work meanwhile. Exit status 1 when any is refused still.
    """
    if every == (delivery is not None):
        raise click.UsageError("name a delivery, or say --all")
    with asking(str(given["account"])) as (past, whose), _attempts(past, dry_run) as attempt_one:
        chosen = whose.refused()[::-1][:limit] if delivery is None else [_id(whose, delivery)]
        found = _tried(past, chosen, attempt_one)
    if delivery is not None and not found:
        raise NotRefused(chosen[0])
    answer(bool(given["as_json"]), found, _tried_lines(found, dry_run))
    sys.exit(1 if any(each.outcome == "refused" for each in found) else 0)


def _id(whose: Whose, word: str) -> str:
    found = whose.delivery(word)
    if found is None:
        raise UnknownSubject(word, "delivery")
    return found


@contextmanager
def _attempts(past: Past, dry_run: bool) -> Iterator[Callable[[Delivery], Attempt]]:
    """How a delivery is tried again: for good, or only to see."""
    settings, url = connected()
    load, by = stored_streams(past.ledger), rules(settings)
    if dry_run:
        yield lambda delivery: attempt(load, by, delivery, clock())
        return
    with Ledger(url, settings.names, pool_size=1) as ledger:
        yield lambda delivery: retry(ledger, load, by, delivery, clock)


def _tried(past: Past, ids: list[str], attempt_one: Callable[[Delivery], Attempt]) -> list[Tried]:
    found = list[Tried]()
    with progress("trying again", len(ids)) as report:
        for number, id_ in enumerate(ids, 1):
            found += tried([past.deliveries([id_])[id_]], attempt_one)
            report(number)
    return found


def _refused_lines(found: Iterable[RefusedDelivery]) -> Iterator[str]:
    if not found:
        yield "nothing is refused"
    for each in found:
        again = f", {each.times} times" if each.times > 1 else ""
        yield f"{when(each.received_at)}  {each.type} {each.event_id}: {each.reason}"
        yield f"    {each.code}{again}, {each.delivery_id}"


def _tried_lines(found: Iterable[Tried], dry_run: bool) -> Iterator[str]:
    if not found:
        yield "nothing is refused"
    for each in found:
        verb = "would be" if dry_run else "was"
        reason = f": {each.reason}" if each.reason else ""
        yield f"{each.type} {each.event_id} {verb} {each.outcome}{reason}"
        yield from (f"    {sentence}" for sentence in each.events)
