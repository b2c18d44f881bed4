"""The third event store: what is to be done in the world, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import Mapper, StoredEvent

from ledger.application import EventMapper, Store
from ledger.event import Event
from ledger.reactions.events import decode
from ledger.reactions.reaction import Reaction
from ledger.store.factory import application_env
from ledger.store.log import LogReader
from ledger.store.names import Names


class ReactionMapper(EventMapper):
    """As the Ledger's, with a vocabulary of its own: who reads the Ledger never meets these."""

    def to_domain_event(self, stored_event: StoredEvent) -> DomainEventProtocol[str]:
        return decode(stored_event.topic, stored_event.state)


class Reactions(Store):
    """Every reaction ever intended; a rebuild or replay reads the Ledger and cannot reach them."""

    def __init__(self, url: str, names: Names, pool_size: int = 1) -> None:
        super().__init__(env=application_env(url, names.reactions, pool_size=pool_size))

    def construct_mapper(self) -> Mapper[str]:
        return ReactionMapper()


def events_of(log: LogReader, streams: Sequence[str]) -> Mapping[str, Sequence[Event]]:
    """The events of these streams of the Reactions store, in one round trip."""
    found: dict[str, list[Event]] = {each: [] for each in streams}
    for stream, _, topic, state in log.streams(streams):
        found[stream].append(decode(topic, state))
    return found


def called_for(log: LogReader, streams: Sequence[str]) -> list[str]:
    """The ids of the reactions that events of these streams of the Ledger called for."""
    return log.called_for([(f"{each}#", f"{each}$") for each in streams])


def called_for_by(log: LogReader, events: Sequence[Event]) -> list[str]:
    """The ids of the reactions that these very events of the Ledger called for."""
    causes = [f"{each.originator_id}#{each.originator_version}" for each in events]
    return log.called_for([(each, f"{each} ") for each in causes])


def reactions_of(log: LogReader, ids: Sequence[str]) -> dict[str, Reaction]:
    """The reactions with these ids as they are stored now."""
    found = {}
    for id_, events in events_of(log, ids).items():
        reaction = found[id_] = Reaction(id_)
        for event in events:
            reaction.apply(event)
    return found
