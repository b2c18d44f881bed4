"""How far a follower has come, and the fence that lets only one of them go on."""

from __future__ import annotations

from dataclasses import dataclass


class InvalidFence(ValueError):
    """A position never goes back."""

    def __init__(self, name: str, expected: int, position: int) -> None:
        super().__init__(f"position {name!r} cannot go from {expected} to {position}")


@dataclass(frozen=True, slots=True)
class Fence:
    """Move position `name` from `expected` to `position` in the same transaction, or do nothing.

    A position that was never saved is 0.
    """

    name: str
    expected: int
    position: int

    def __post_init__(self) -> None:
        if not 0 <= self.expected <= self.position:
            raise InvalidFence(self.name, self.expected, self.position)


@dataclass(frozen=True, slots=True)
class Rewind(Fence):
    """As a Fence, on purpose also back: whoever follows must know what it has done already."""

    def __post_init__(self) -> None:
        if min(self.expected, self.position) < 0:
            raise InvalidFence(self.name, self.expected, self.position)
