"""A figure: one ratio or time, held against its goal, with what its rounds said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import TypeVar

import msgspec

Round = TypeVar("Round")


class Figure(msgspec.Struct, frozen=True):
    """The median of `rounds`; `unit` is 'x' for a ratio, else that of a time or size.

    Without a goal it is told and not judged. `at_most`: the goal is a limit, not a least.
    """

    name: str
    rounds: tuple[float, ...]
    goal: float | None = None
    unit: str = "x"
    at_most: bool = False

    @property
    def value(self) -> float:
        return median(self.rounds)

    @property
    def verdict(self) -> str:
        if self.goal is None:
            return "told"
        held = self.value <= self.goal if self.at_most else self.value >= self.goal
        return "met" if held else "short"

    @property
    def wanted(self) -> str:
        if self.goal is None:
            return "none"
        return f"{'<=' if self.at_most else '>='} {shown(self.goal, self.unit)}"

    @property
    def spread(self) -> str:
        """The lowest and the highest round, where there was more than one."""
        if len(self.rounds) == 1:
            return "one round"
        low, high = min(self.rounds), max(self.rounds)
        return f"{shown(low, self.unit)} to {shown(high, self.unit)}, {len(self.rounds)} rounds"

    @property
    def line(self) -> str:
        return f"{self.name} | {shown(self.value, self.unit)} | {self.wanted} | {self.verdict}"


class Section(msgspec.Struct, frozen=True):
    """What one benchmark found: its figures, and the plain numbers behind them in sentences."""

    title: str
    figures: tuple[Figure, ...]
    facts: tuple[str, ...] = ()


def shown(value: float, unit: str) -> str:
    """Two or three digits that say something: `0.93 x`, `14.2 x`, `1,234 /s`."""
    digits = 2 if abs(value) < 10 else 1 if abs(value) < 100 else 0
    return f"{value:,.{digits}f} {unit}"


def interleaved(
    contenders: Mapping[str, Callable[[int], Round]], rounds: int
) -> dict[str, list[Round]]:
    """What each contender gave in each round.

    All run once a round, in turning order, so that whatever else the machine does meets them
    alike. Round 0 warms up and is not kept.
    """
    found: dict[str, list[Round]] = {name: [] for name in contenders}
    names = list(contenders)
    for number in range(rounds + 1):
        turn = number % len(names)
        for name in names[turn:] + names[:turn]:
            result = contenders[name](number)
            if number > 0:
                found[name].append(result)
    return found


def ratios(ones: Sequence[float], others: Sequence[float]) -> tuple[float, ...]:
    """One to the other, round by round."""
    return tuple(one / other for one, other in zip(ones, others, strict=True))
