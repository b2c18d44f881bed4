"""The effects there are: what is done in the world for each kind of reaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeVar

import msgspec

from ledger.aggregates.aggregate import Aggregate
from ledger.books import Load
from ledger.errors import LedgerError
from ledger.ids import Scope
from ledger.settings import Settings

A = TypeVar("A", bound=Aggregate)


class Task(msgspec.Struct, frozen=True):
    """One effect to be had: `id` is its key towards the world, the same at each try.

    `fact_at` is when the fact came about by the provider's time.
    """

    id: str
    kind: str
    scope: Scope
    fact_at: datetime
    due_at: datetime
    data: dict[str, object]


class World:
    """What an effect may ask: the settings, the time, and the Ledger as it is now."""

    def __init__(
        self, settings: Settings, load: Load, clock: Callable[[], datetime], url: str = ""
    ) -> None:
        """`url` is the database of the Ledger, for effects that write to it."""
        self.settings = settings
        self.clock = clock
        self.load = load
        self.url = url

    def get(self, kind: type[A], stream: str) -> A:
        """The aggregate of a stream of the Ledger as it stands."""
        aggregate = kind(stream)
        for event in self.load([stream]).get(stream, ()):
            aggregate.apply(event)
        return aggregate


class EffectFailed(LedgerError):
    """The effect was not had; with `passing` False another try would fail too.

    With `alone` it is about this effect only: others that go to the same place need not wait.
    With `gone` nobody is there any more: others that go to the same place are not to be tried.
    `not_before` is when the other side wants to be asked again, where it says so.
    The sentence is recorded: it names no person, no address and no secret.
    """

    def __init__(
        self,
        sentence: str,
        *,
        passing: bool = True,
        alone: bool = False,
        gone: bool = False,
        not_before: datetime | None = None,
    ) -> None:
        self.passing = passing and not gone
        self.alone = alone
        self.gone = gone
        self.not_before = not_before
        super().__init__(sentence)


Effect = Callable[[Task, World], str | None]
"""Has the effect; returns why there was none to have, if so. Raises EffectFailed."""

Effects = Mapping[str, Effect]
