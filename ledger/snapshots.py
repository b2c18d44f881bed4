"""Which of a provider's snapshots is the newest, however they arrive.

Stripe's `created` has whole seconds, and a checkout puts several snapshots into one. Within the
newest second the chain of previous attributes decides, then the rank of the event's type, and what
still cannot be told apart is called ambiguous instead of guessed by event id or arrival.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Generic, TypeVar

import msgspec

S = TypeVar("S")


class Snapshot(msgspec.Struct, Generic[S], frozen=True, omit_defaults=True):
    """How an object stood at `created`, and, where the provider says so, how it stood just before.

    `rank` orders snapshots of one second that no chain connects; `born` marks an object's first.
    """

    state: S
    created: datetime
    rank: int = 0
    prior: S | None = None
    born: bool = False


class Newest(msgspec.Struct, Generic[S], frozen=True, omit_defaults=True):
    """All snapshots of the newest second seen, the winner first.

    Keeping only the winner would end wrong: with A -> B -> A in one second, which of two A is last
    is decided by a B that may still be on its way.
    """

    held: tuple[Snapshot[S], ...]
    ambiguous: bool = False

    @property
    def state(self) -> S:
        return self.held[0].state

    @property
    def created(self) -> datetime:
        return self.held[0].created

    def with_(self, snapshot: Snapshot[S]) -> Newest[S]:
        """This with one more snapshot; itself when that one is older or already held."""
        if snapshot.created < self.created or snapshot in self.held:
            return self
        rivals = self.held if snapshot.created == self.created else ()
        return settle((*rivals, snapshot))


def newest(known: Newest[S] | None, snapshot: Snapshot[S]) -> Newest[S]:
    """The newest after `snapshot`, when `known` was the newest before."""
    return known.with_(snapshot) if known else Newest((snapshot,))


def settle(held: tuple[Snapshot[S], ...]) -> Newest[S]:
    """Orders the snapshots of one second: chain, then rank, then ambiguous (but deterministic)."""
    ends = chain_ends(held)
    last = [one for one in held if one.state in ends] or list(held)
    top = max(one.rank for one in last)
    winners = sorted((one for one in last if one.rank == top), key=_canonical)
    ambiguous = any(one.state != winners[0].state for one in winners)
    rest = sorted((one for one in held if one is not winners[0]), key=_canonical)
    return Newest((winners[0], *rest), ambiguous)


def chain_ends(held: Iterable[Snapshot[S]]) -> set[S]:
    """The states at which a walk along all changes of this second can end.

    Each change leads from its prior state to its state, so the walk ends where more changes arrive
    than leave, or, in a circle, where it began. A snapshot without a change (invoice.paid, say)
    only witnesses its state.
    """
    arrivals: Counter[S] = Counter()
    changed: dict[S, datetime] = {}
    witnessed: set[S] = set()
    for one in held:
        if (one.prior is None and not one.born) or one.prior == one.state:
            witnessed.add(one.state)
            continue
        arrivals[one.state] += 1
        changed[one.state] = one.created
        if one.prior is not None:
            arrivals[one.prior] -= 1
            changed[one.prior] = one.created
    ends = {state for state, surplus in arrivals.items() if surplus > 0}
    return (ends or _where_it_began(changed)) | (witnessed - changed.keys())


def _where_it_began(circle: Mapping[S, datetime]) -> set[S]:
    """Where a walk that ends where it began may have begun: at no state that is of this second.

    A subscription whose cancellation was asked for in this second did not enter it like that. Where
    that leaves none or several nothing is known.
    """
    named = {state: _named(state, second) for state, second in circle.items()}
    by_all = frozenset[str].intersection(*named.values()) if named else frozenset()
    older = {state for state, fields in named.items() if fields == by_all}
    return older if len(older) == 1 else set()


def _named(state: object, second: datetime) -> frozenset[str]:
    """Which of the state's own times are this second."""
    fields = getattr(state, "__struct_fields__", ())
    return frozenset(each for each in fields if getattr(state, each) == second)


def _canonical(snapshot: Snapshot[S]) -> bytes:
    return msgspec.json.encode(snapshot)
