"""Exceptions to the rules carry their reason, and nothing points outside the project."""

import ast
import re

from tests.house.sources import ROOT, Source, all_files, sources

REASONED = {
    "noqa": re.compile(r"# noqa: [A-Z]+[0-9]+(, ?[A-Z]+[0-9]+)* - \S+"),
    "type: ignore": re.compile(r"# type: ignore\[[a-z-]+(, ?[a-z-]+)*\]  ?# \S+"),
}
SKIPS = {"skip", "skipif", "xfail", "importorskip"}
# Put together here so that this file does not hold what it looks for.
OUTSIDE = {"../" + "shared": {".ci/run"}, "/wo" + "rk/": set[str]()}


def test_every_silenced_check_says_why() -> None:
    assert [
        f"{source.path}:{line} {comment}"
        for source in sources()
        if any(f"# {word}" in source.text for word in REASONED)
        for line, comment in source.comments()
        for word, reasoned in REASONED.items()
        if f"# {word}" in comment and not reasoned.search(comment)
    ] == []


def test_every_skipped_test_says_why() -> None:
    assert [
        f"{source.at(node)} skips without a reason"
        for source in sources()
        for node in source.nodes
        if _skips(node) and node not in _with_reason(source)
    ] == []


def test_nothing_points_outside_the_project() -> None:
    assert [
        f"{path.relative_to(ROOT)} mentions {word}"
        for path in all_files()
        for word, allowed in OUTSIDE.items()
        if path.relative_to(ROOT).as_posix() not in allowed
        and word in path.read_text(errors="ignore")
    ] == []


def _skips(node: ast.AST) -> bool:
    """Whether this is `pytest.skip` or `pytest.mark.skipif` and the like."""
    return (
        isinstance(node, ast.Attribute)
        and node.attr in SKIPS
        and ast.unparse(node.value) in {"pytest", "pytest.mark"}
    )


def _with_reason(source: Source) -> set[ast.AST]:
    """What is called with a text: by `reason=`, or as the argument of `pytest.skip`."""
    return {
        node.func
        for node in source.nodes
        if isinstance(node, ast.Call)
        and (
            any(keyword.arg == "reason" for keyword in node.keywords)
            or (ast.unparse(node.func) == "pytest.skip" and node.args)
        )
    }
