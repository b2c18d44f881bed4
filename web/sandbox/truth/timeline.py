"""Which API version is in force when: an account, or an endpoint, may be upgraded."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from web.sandbox.truth.view import Told

NEWEST = "2026-10-28.endive"


@dataclass(frozen=True, slots=True)
class Timeline:
    """A version from the beginning and others from later moments (Unix seconds, ascending)."""

    first: str = NEWEST
    upgrades: tuple[tuple[int, str], ...] = ()

    def at(self, moment: int) -> str:
        """The version in force; the moment of an upgrade already has the new one."""
        return self.versions[bisect_right(self.upgrades, moment, key=lambda each: each[0])]

    def of(self, fact: Told) -> str:
        """The version that tells a fact."""
        return self.at(fact.at)

    @property
    def versions(self) -> tuple[str, ...]:
        """All of them, in the order of their time."""
        return (self.first, *(version for _, version in self.upgrades))


def timeline(api_version: str | Timeline) -> Timeline:
    """A timeline, of one version if only that is given."""
    return api_version if isinstance(api_version, Timeline) else Timeline(api_version)
