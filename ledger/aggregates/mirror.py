"""What all mirrored objects share: the newest snapshot whole, and what only grows beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Generic, TypeVar

import msgspec

from ledger.aggregates.aggregate import Aggregate
from ledger.event import Cause, Event
from ledger.mirrors import Mirrored, Part
from ledger.observations import MirrorObserved
from ledger.snapshots import Newest, newest

S = TypeVar("S", bound=Mirrored)

OwnerOf = Callable[[str], str | None]
"""The provider's id of a customer -> whose they are."""


class Reported(Event, Generic[S], frozen=True):
    """The object as it stands, whole, and whose it is; a table needs no other event.

    `since` has when something first came to pass that no later report undoes. `part` is an amount
    that is new, and `sums` has what the parts of each kind come to, in minor units.
    """

    standing: Newest[S] | None = None
    since: dict[str, datetime] = msgspec.field(default_factory=dict)
    part: Part | None = None
    sums: dict[str, int] = msgspec.field(default_factory=dict)
    customer_id: str | None = None

    @property
    def ambiguous(self) -> bool:
        """Reports of one second differ, and nothing tells which is last."""
        return self.standing is not None and self.standing.ambiguous


class Facts(msgspec.Struct, frozen=True):
    """All that is known of one object; merges in any order."""

    standing: Newest[Any] | None = None
    since: dict[str, datetime] = {}
    parts: dict[str, Part] = {}

    def with_(self, seen: MirrorObserved, at: datetime) -> Facts:
        """These with one more report, which the provider made at `at`."""
        standing = newest(self.standing, seen.snapshot) if seen.snapshot else self.standing
        return Facts(standing, self._since(seen.since, at), self._parts(seen.part))

    def _since(self, name: str | None, at: datetime) -> dict[str, datetime]:
        if name is None or self.since.get(name, at) < at:
            return self.since
        return {**self.since, name: at}

    def _parts(self, part: Part | None) -> dict[str, Part]:
        if part is None or self.parts.get(part.id, part) > part:
            return self.parts
        return {**self.parts, part.id: part}

    @property
    def sums(self) -> dict[str, int]:
        """What the parts of each kind come to."""
        sums: Counter[str] = Counter()
        for part in self.parts.values():
            sums[part.kind] += part.amount.minor
        return dict(sorted(sums.items()))

    @property
    def provider_customer_id(self) -> str | None:
        """The customer the object names."""
        return self.standing.state.provider_customer_id if self.standing else None


class Mirror(Aggregate):
    """A mirrored object; its class names the kind of event that reports one."""

    REPORTED: ClassVar[type[Reported[Any]]]

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.EVOLVERS = {cls.REPORTED: Mirror._reported}

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.facts = Facts()
        self.customer_id: str | None = None

    # ---- decide ----

    def observe(self, seen: MirrorObserved, owner_of: OwnerOf, why: Cause) -> None:
        """Takes over how the object stands."""
        self._report(self.facts.with_(seen, why.effective_at), seen.part, owner_of, why)

    def settle(self, owner_of: OwnerOf, why: Cause) -> None:
        """Takes over whose it is now."""
        self._report(self.facts, None, owner_of, why)

    def _report(self, facts: Facts, part: Part | None, owner_of: OwnerOf, why: Cause) -> None:
        key = facts.provider_customer_id
        owner = owner_of(key) if key else None
        if (facts, owner) == (self.facts, self.customer_id):
            return
        new = part if facts.parts != self.facts.parts else None
        event = self.REPORTED(
            standing=facts.standing,
            since=facts.since,
            part=new,
            sums=facts.sums,
            customer_id=owner,
        )
        self.trigger_event(event, why)

    # ---- evolve ----

    def _reported(self, event: Reported[Any]) -> None:
        part = event.part
        parts = {**self.facts.parts, part.id: part} if part else self.facts.parts
        self.facts = Facts(event.standing, event.since, parts)
        self.customer_id = event.customer_id
