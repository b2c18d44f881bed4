"""`billing explain`: why a row is as it is, down to the deliveries, and what would end it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial

import click

from ledger.assembly import clock
from ledger.settings import Settings
from replay.explain import balance as balances
from replay.explain import entitlement as entitlements
from replay.explain import plan as plans
from replay.explain import rows
from replay.explain.dunning import Step, Terms
from replay.explain.explanation import Explained, Explanation, Reasons
from replay.moments import MOMENT, Moment
from replay.sentences.words import when
from replay.terminal import account, answer, as_json, asking, caused


@click.group()
def explain() -> None:
    """Say why a row is as it is: because of which events and deliveries, and what would end it."""


at_option = click.option(
    "--at", type=MOMENT, default="now", help="Ask for another time than now, by what we know now."
)


@explain.command()
@click.argument("user")
@click.argument("feature")
@at_option
@account
@as_json
def entitlement(user: str, feature: str, at: Moment, account: str, as_json: bool) -> None:
    """May USER use FEATURE, until when, and why; or why not."""
    with asking(account) as (past, whose):
        found = entitlements.explain(past, whose, _terms(), (user, feature), _time(at))
    answer(as_json, found, _lines(found))


@explain.command()
@click.argument("user")
@account
@as_json
def balance(user: str, account: str, as_json: bool) -> None:
    """How many credits USER has, and where the others went."""
    with asking(account) as (past, whose):
        found = balances.explain(past, whose, user, clock())
    answer(as_json, found, _lines(found))


@explain.command()
@click.argument("user")
@at_option
@account
@as_json
def plan(user: str, at: Moment, account: str, as_json: bool) -> None:
    """Which plan USER has, since when, which they had before, and why."""
    with asking(account) as (past, whose):
        found = plans.explain(past, whose, _terms(), user, _time(at))
    answer(as_json, found, _lines(found))


def _explain_row(noun: str, id: str, account: str, as_json: bool) -> None:
    with asking(account) as (past, whose):
        found = rows.explain(past, whose, _terms(), (noun, id), clock())
    answer(as_json, found, _lines(found))


for _noun in rows.NOUNS:
    explain.command(_noun, help=f"Why the {_noun} with this ID is as it is.")(
        click.argument("id")(account(as_json(partial(_explain_row, _noun))))
    )


def _time(at: Moment) -> datetime:
    if isinstance(at, int):
        raise click.UsageError("--at needs a time: `billing as-of` asks for a position")
    return at


def _terms() -> Terms:
    settings = Settings.from_environment()
    return Terms(settings.policy, settings.reacting.dunning)


def _lines(found: Explanation) -> Iterator[str]:
    yield found.says
    for each in found.rows:
        if each.says != found.says:
            yield each.says
        yield from _row(each)
    if found.why_not:
        yield "why not:"
        yield from (f"  {each}" for each in found.why_not)
    if found.dunning:
        yield "bills that could not be collected:"
        for step in found.dunning:
            yield from _step(step)


def _row(explained: Explained) -> Iterator[str]:
    yield from _reasons("because of", explained.because)
    yield from _reasons("which follows from", explained.behind)
    if explained.would_end:
        yield "  what would change it:"
        yield from (f"    {each}" for each in explained.would_end)


def _step(step: Step) -> Iterator[str]:
    yield f"  {f'{when(step.at)}  ' if step.at else _UNDATED[step.kind]}{step.says}"
    if step.event is not None:
        yield f"      {caused(step.event)}"


_UNDATED: Mapping[str, str] = {"terms": "by the settings: ", "next": "next: "}


def _reasons(title: str, groups: Iterable[Reasons]) -> Iterator[str]:
    for number, group in enumerate(groups):
        if number == 0:
            yield f"  {title}:"
        if len(group.events) > 1:
            yield "    any of these:"
        indent = "      " if len(group.events) > 1 else "    "
        for each in group.events:
            yield f"{indent}{when(each.effective_at)}  {each.sentence}"
            yield f"{indent}    {caused(each)}"
