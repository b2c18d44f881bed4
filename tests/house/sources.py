"""The project's own files, as the house's rules look at them."""

import ast
import io
import os
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("ledger", "projections", "web", "replay", "tests", "benchmarks")
NOT_OURS = {
    *(".git", ".venv", ".venv-tools", ".data", ".state", "build", "dist"),
    *("__pycache__", ".mypy_cache", ".pytest_cache", ".ruff_cache", ".hypothesis"),
}


@dataclass(frozen=True)
class Source:
    """One Python file: where it is, its text and its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        """`path:line` of a node, as editors understand it."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """Every node of the file."""
        return tuple(ast.walk(self.tree))

    @cached_property
    def imports(self) -> tuple[tuple[ast.AST, str], ...]:
        """Every name imported, in full, wherever in the file it stands."""
        return tuple(
            (
                node,
                f"{node.module}.{alias.name}" if isinstance(node, ast.ImportFrom) else alias.name,
            )
            for node in self.nodes
            if isinstance(node, (ast.Import, ast.ImportFrom))
            for alias in node.names
        )

    def comments(self) -> Iterator[tuple[int, str]]:
        """Every comment with its line."""
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file of the packages."""
    found = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(_source(path) for path in found)


def _source(path: Path) -> Source:
    text = path.read_text()
    return Source(path.relative_to(ROOT).as_posix(), text, ast.parse(text))


def all_files() -> Iterator[Path]:
    """Every file of the project, of any kind, but what tools and runs have made."""
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in NOT_OURS]
        yield from (Path(folder, name) for name in names)
