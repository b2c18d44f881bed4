"""Modules introduce themselves, and neither they nor their functions grow past a page."""

import ast

from tests.house.sources import PACKAGES, sources

FILE_LINES = 300
FUNCTION_LINES = 40


def test_the_rules_look_at_the_whole_project() -> None:
    looked_at = {source.path.partition("/")[0] for source in sources()}

    assert looked_at == set(PACKAGES)
    assert "ledger/embedded/postgres.py" in {source.path for source in sources()}


def test_every_module_opens_with_a_sentence() -> None:
    def opens_well(docstring: str) -> bool:
        first, _, _ = docstring.partition("\n")
        return first.rstrip().endswith(".")

    assert [
        source.path for source in sources() if not opens_well(ast.get_docstring(source.tree) or "")
    ] == []


def test_no_file_is_longer_than_its_reader_can_hold() -> None:
    assert [
        f"{source.path} has {lines} lines"
        for source in sources()
        if (lines := len(source.text.splitlines())) > FILE_LINES
    ] == []


def test_no_function_is_longer_than_a_screen() -> None:
    assert [
        f"{source.at(node)} {node.name} has {lines} lines"
        for source in sources()
        for node in source.nodes
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > FUNCTION_LINES
    ] == []
