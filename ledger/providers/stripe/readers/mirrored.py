"""Readers of objects that are mirrored as they stand: one maker for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from ledger.aggregates.mirror import Mirror
from ledger.mirrors import Mirrored
from ledger.observations import MirrorObserved, Observation
from ledger.providers.stripe.observer import Reader, StripeEvent
from ledger.providers.stripe.payloads import Id, Payload


class Named(Payload, frozen=True):
    """An object with an id, as all that are mirrored have."""

    id: Id


P = TypeVar("P", bound=Named)


def reader(
    noun: type[Mirror],
    shape: type[P],
    state: Callable[[P], Mirrored],
    rank: int | Callable[[P], int] = 1,
    since: str | None = None,
) -> Reader:
    """Reads an object of `shape` as `state` says it in our words.

    `rank` orders snapshots of one second: 0 is an object's first, and where an amount or status
    only moves forward it may follow from the object.
    """

    def read(event: StripeEvent) -> tuple[Observation, ...]:
        found = event.object(shape)
        order = rank(found) if callable(rank) else rank
        snapshot = event.snapshot(shape, state, order, born=order == 0)
        return (MirrorObserved(noun.CATEGORY, found.id, snapshot, since),)

    return read
