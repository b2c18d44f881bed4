"""Our own acts: the reactions that events called for, in words, with what they are because of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import merge
from operator import attrgetter

from msgspec.structs import replace

from ledger.event import Event
from ledger.reactions.beginning import Beginning
from ledger.reactions.events import Intended
from ledger.reactions.reaction import Reaction
from replay.happened import Happened, happened
from replay.past import Past, Recorded

LOG = "reactions"
CATEGORIES = (f"{Reaction.CATEGORY}/", f"{Beginning.CATEGORY}/")


def acts_about(past: Past, streams: Sequence[str]) -> list[Happened]:
    """All that was done because of what happened to some streams of the Ledger."""
    return told_acts(past, past.acts(past.called_for(streams)))


def acts_of(past: Past, events: Sequence[Event]) -> list[Happened]:
    """All that was done because of these very events of the Ledger."""
    return told_acts(past, past.acts(past.called_for_by(events)))


def is_act(word: str) -> bool:
    """Whether a word is the id of a reaction, or of their beginning."""
    return word.startswith(CATEGORIES)


def told_acts(past: Past, found: Sequence[Recorded]) -> list[Happened]:
    """Events of reactions in words."""
    intents = _intents(past, found)
    return [_told(each, intents.get(each.event.originator_id)) for each in found]


def in_time(events: Iterable[Happened], acts: Iterable[Happened]) -> list[Happened]:
    """Both in one sequence by when they were recorded, each in its own order."""
    return list(merge(events, acts, key=attrgetter("recorded_at")))


def _intents(past: Past, found: Sequence[Recorded]) -> Mapping[str, Intended]:
    """What was intended, by reaction; looked up for those of which only later events are told."""
    ids = {each.event.originator_id for each in found}
    begun = {each.event.originator_id for each in found if isinstance(each.event, Intended)}
    known = [*found, *past.acts(sorted(ids - begun))]
    events = (each.event for each in known)
    return {each.originator_id: each for each in events if isinstance(each, Intended)}


def _told(each: Recorded, intent: Intended | None) -> Happened:
    return replace(
        happened(each),
        log=LOG,
        because=intent.because if intent else None,
        because_position=intent.position if intent else None,
    )
