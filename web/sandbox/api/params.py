"""What a call was given: Stripe's `a[b][0][c]=..`, read as a tree of texts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from web.sandbox.api.problems import needed, unknown, wrong

Tree = dict[str, Any]
"""Texts and more trees; a list is a tree whose keys are numbers."""

BOOLEANS = {"true": True, "false": False}


class Params:
    """A tree of parameters, or a part of one; what is given as an empty text counts as None."""

    def __init__(self, tree: Tree, path: str = "") -> None:
        self.tree = tree
        self.path = path

    def __contains__(self, name: str) -> bool:
        return name in self.tree

    def text(self, name: str) -> str | None:
        """The text; Problem when there is a tree instead."""
        value = self.tree.get(name)
        if isinstance(value, dict):
            raise wrong(self.named(name), f"Invalid string: {value}")
        return value or None

    def need(self, name: str) -> str:
        """The text, or Problem when there is none."""
        value = self.text(name)
        if value is None:
            raise needed(self.named(name))
        return value

    def number(self, name: str) -> int | None:
        """The integer, if one was given."""
        value = self.text(name)
        if value is not None and not re.fullmatch(r"-?\d{1,18}", value):
            code = "parameter_invalid_integer"
            raise wrong(self.named(name), f"Invalid integer: {value}", code)
        return None if value is None else int(value)

    def positive(self, name: str) -> int | None:
        """The integer, if one was given, which must be greater than 0."""
        value = self.number(name)
        if value is not None and value < 1:
            message = "This value must be greater than or equal to 1."
            raise wrong(self.named(name), message, "parameter_invalid_integer")
        return value

    def flag(self, name: str) -> bool | None:
        """The boolean, if one was given."""
        value = self.text(name)
        if value is not None and value not in BOOLEANS:
            raise wrong(self.named(name), f"Invalid boolean: {value}")
        return None if value is None else BOOLEANS[value]

    def choice(self, name: str, known: Iterable[str], otherwise: str) -> str:
        """One of the known words, `otherwise` if none was given."""
        value = self.text(name) or otherwise
        if value not in (*known, otherwise):
            words = ", ".join(known)
            raise wrong(self.named(name), f"Invalid {self.named(name)}: must be one of {words}")
        return value

    def part(self, name: str) -> Params:
        """What was given below a name: nothing, if nothing was."""
        value = self.tree.get(name)
        return Params(value if isinstance(value, dict) else {}, self.named(name))

    def parts(self, name: str) -> list[Params]:
        """What was given as a list of trees."""
        whole = self.part(name)
        return [whole.part(index) for index in whole.tree]

    def texts(self, name: str) -> list[str]:
        """What was given as a list of texts."""
        whole = self.part(name)
        return [whole.need(index) for index in whole.tree]

    def metadata(self, old: Mapping[str, str] | None = None) -> dict[str, str]:
        """`metadata` put over the old one: an empty value takes a key away, an empty whole all."""
        if self.tree.get("metadata") == "":
            return {}
        merged = {**(old or {}), **self.part("metadata").tree}
        return {key: str(value) for key, value in merged.items() if value != ""}

    def named(self, name: str) -> str:
        """The whole name of a parameter, as Stripe's errors have it."""
        return f"{self.path}[{name}]" if self.path else name

    def leaves(self) -> Iterator[tuple[str, str]]:
        """Every text with its dotted path, in which `#` stands for a place in a list."""
        for name, value in self.tree.items():
            step = "#" if name.isdigit() else name
            if not isinstance(value, dict):
                yield step, value
            for below, text in self.part(name).leaves():
                yield f"{step}.{below}", text


def decode(pairs: Iterable[tuple[str, str]]) -> Params:
    """The tree of form fields; `a[]` appends to a list."""
    tree: Tree = {}
    for name, value in pairs:
        first, *rest = re.findall(r"[^\[\]]+|(?<=\[)(?=\])", name) or [name]
        _put(tree, [first, *rest], value)
    return Params(tree)


def check(params: Params, takes: Sequence[str]) -> None:
    """Raises Problem for what the call does not take; `metadata.*` takes all below `metadata`."""
    for path, _ in params.leaves():
        if not any(_is_taken(path, each) for each in takes):
            raise unknown(path.replace(".#", "[0]").replace(".", "_"))


def _is_taken(path: str, pattern: str) -> bool:
    """A whole may be given empty where its parts may be given."""
    stem = pattern.removesuffix(".*")
    within = stem != pattern and path.startswith(f"{stem}.")
    return within or path == stem or pattern.startswith(f"{path}.")


def _put(tree: Tree, path: Sequence[str], value: str) -> None:
    for step in path[:-1]:
        below = tree.setdefault(step or str(len(tree)), {})
        if not isinstance(below, dict):
            below = tree[step] = {}
        tree = below
    tree[path[-1] or str(len(tree))] = value
