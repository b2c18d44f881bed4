"""`billing history`: what happened, in order and in words, and the links between its parts."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

import click
import msgspec

from replay.acts import acts_about, acts_of, in_time, is_act, told_acts
from replay.happened import Happened
from replay.history import (
    Received,
    Touched,
    UnknownSubject,
    delivery_of,
    received,
    told,
    touched,
)
from replay.past import Past, Recorded
from replay.sentences.words import when
from replay.terminal import account, answer, as_json, asking, caused, value
from replay.whose import Whose

_T = TypeVar("_T")


class Story(msgspec.Struct, frozen=True):
    """All that is told of a subject; `rows` are those an event touched.

    `events` tell our own acts too, in time order, and `reactions` those one event called for.
    """

    subject: str
    events: list[Happened] = []
    delivery: Received | None = None
    rows: list[Touched] = []
    reactions: list[Happened] = []


@click.command()
@click.argument("subject")
@click.option("--body", is_flag=True, help="Print the exact bytes that were signed, nothing else.")
@account
@as_json
def history(subject: str, body: bool, account: str, as_json: bool) -> None:
    """Tell all that happened to SUBJECT: a customer, a stream, a delivery, an event, a reaction.

    A customer is the application's user id or cus_..., a stream the id of any object or the whole
    stream id, a delivery evt_..., an event its position as @POSITION. An event leads to the
    delivery that caused it, and a delivery to the events it caused, the rows these touched and
    the reactions they called for: what was mailed, sent or changed because of them. A reaction is
    named by its id, reaction/...
    """
    with asking(account) as (past, whose):
        if body:
            return _print_body(past, whose, subject)
        story = _story(past, whose, subject)
    return answer(as_json, story, _lines(story))


def _story(past: Past, whose: Whose, subject: str) -> Story:
    if subject.startswith("@"):
        return _of_event(past, _event(past, subject))
    if is_act(subject):
        return _of_act(past, subject)
    delivery = whose.delivery(subject)
    if delivery:
        return Story(subject, delivery=received(past, delivery))
    streams = whose.about(subject)
    if not streams:
        raise UnknownSubject(subject)
    events, acts = told(past, past.events(streams)), acts_about(past, streams)
    return Story(subject, in_time(events, acts))


def _of_act(past: Past, subject: str) -> Story:
    found = past.acts([subject])
    if not found:
        raise UnknownSubject(subject, "reaction")
    return Story(subject, told_acts(past, found))


def _of_event(past: Past, found: Recorded) -> Story:
    cause = found.event.cause
    delivery = received(past, cause) if past.inbox.known([cause]) else None
    rows = touched(past, [found], cause)
    acts = acts_of(past, [found.event])
    return Story(f"@{found.position}", told(past, [found]), delivery, rows, acts)


def _event(past: Past, subject: str) -> Recorded:
    found = past.event(int(subject[1:])) if subject[1:].isdecimal() else None
    if found is None:
        raise UnknownSubject(subject, "event at")
    return found


def _print_body(past: Past, whose: Whose, subject: str) -> None:
    """The bytes of a delivery, or of the one that caused an event."""
    if subject.startswith("@"):
        found: str | None = _event(past, subject).event.cause
    else:
        found = whose.delivery(subject)
    if found is None:
        raise UnknownSubject(subject, "delivery")
    sys.stdout.buffer.write(delivery_of(past, found).body)


def _lines(story: Story) -> Iterator[str]:
    yield from _events(story.events)
    yield from _rows(story.rows)
    yield from _section("reactions it called for", story.reactions, _events)
    if story.delivery is not None:
        yield from _delivery(story.delivery)


def _events(events: Iterable[Happened]) -> Iterator[str]:
    for each in events:
        yield f"{when(each.effective_at)}  {each.sentence}"
        yield f"    {caused(each)}"


def _delivery(delivery: Received) -> Iterator[str]:
    signed = ", ".join(f"{name}: {text}" for name, text in delivery.headers.items())
    yield f"{delivery.type} {delivery.event_id} ({delivery.delivery_id})"
    yield f"  created {when(delivery.created)}, received {when(delivery.received_at)}"
    yield f"  {delivery.body_bytes} bytes, {signed or 'no signature'}"
    yield f"  {', then '.join(delivery.outcomes) or 'not worked off yet'}"
    yield from _section("events it caused", delivery.events, _events)
    yield from _section("rows they touched", delivery.rows, _rows)
    yield from _section("reactions they called for", delivery.reactions, _events)


def _section(
    title: str, found: list[_T], lines: Callable[[Iterable[_T]], Iterator[str]]
) -> Iterator[str]:
    if found:
        yield f"{title}:"
        yield from (f"  {line}" for line in lines(found))


def _rows(rows: Iterable[Touched]) -> Iterator[str]:
    for each in rows:
        key = each.key if isinstance(each.key, str) else " ".join(each.key)
        changed = each.columns.items()
        pairs = (f"{name} {value(old)} -> {value(new)}" for name, (old, new) in changed)
        yield f"{each.table} {key} (@{each.position}): {', '.join(pairs)}"
