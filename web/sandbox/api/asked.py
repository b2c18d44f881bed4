"""One call: who asks for what of the world, and what a route is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple, TypeVar

from web.sandbox.api.params import Params
from web.sandbox.api.problems import missing
from web.sandbox.api.world import World
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Truth

Json = dict[str, Any]
N = TypeVar("N", bound=Noun)


@dataclass(frozen=True)
class Listing:
    """Objects of one kind, the oldest first; they are shown the newest first, page by page."""

    nouns: list[Any]


@dataclass(frozen=True)
class Asked:
    """A call, within the world's turn. `account` is '' for the platform's own.

    `public` is true when it comes with a publishable key, as from a browser. `base` is where the
    stand-in is reached, without a slash at the end.
    """

    world: World
    params: Params
    account: str
    version: str
    public: bool = False
    base: str = ""
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def truth(self) -> Truth:
        """The truth as of now."""
        return self.world.truth

    def find(self, kind: type[N], what: str, key: str, parameter: str = "id") -> N:
        """The account's object of that id. Raises Problem when it has none such."""
        noun = self.truth.find(kind, key)
        if noun is None or noun.account != self.account:
            raise missing(what, key, parameter)
        return noun

    def named(self, kind: type[N], what: str) -> N:
        """The object the address names."""
        return self.find(kind, what, self.ids["id_"])

    def given(self, kind: type[N], what: str, parameter: str) -> N | None:
        """The object a parameter names, if it was given. Raises Problem for one that is deleted."""
        key = self.params.text(parameter)
        found = None if key is None else self.find(kind, what, key, parameter)
        if getattr(found, "deleted_at", None):
            raise missing(what, key or "", parameter)
        return found

    def all(self, kind: type[N]) -> Iterator[N]:
        """The account's objects of a kind, the oldest first."""
        return (noun for noun in self.truth.all(kind) if noun.account == self.account)


Answered = Noun | Listing | Json
"""An object to be rendered, a list of such, or what is rendered already."""


class Route(NamedTuple):
    """A call that is answered. `takes` are the parameters, as `params.check` reads them, with
    blanks between; `public`: also with a publishable key; `lists`: takes a page's parameters."""

    method: str
    path: str
    do: Callable[[Asked], Answered]
    takes: str = ""
    public: bool = False
    lists: bool = False
