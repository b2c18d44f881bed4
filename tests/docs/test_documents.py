"""What the documents tell people to type works: SQL, commands, options, settings and links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click
import psycopg
import pytest
from psycopg.sql import SQL

from ledger.cli import main
from ledger.providers.stripe.meaningless import MEANINGLESS
from ledger.settings import Settings
from projections.schema import migrate

ROOT = Path(__file__).parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXTS = {path: path.read_text() for path in DOCUMENTS}


def blocks(language: str) -> list[str]:
    """All code blocks of one language, in all documents."""
    fenced = re.compile(rf"^```{language}\n(.*?)^```", re.MULTILINE | re.DOTALL)
    return [block for text in TEXTS.values() for block in fenced.findall(text)]


@pytest.mark.parametrize("query", blocks("sql"))
def test_the_sql_in_the_documents_runs(database_url: str, query: str) -> None:
    migrate(database_url)
    with psycopg.connect(database_url) as connection:
        connection.execute(SQL(query))
        connection.rollback()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_billing_command_and_option_named_exists(path: Path) -> None:
    context = click.Context(main)
    named = re.compile(r"(?:`|\$ )billing ([a-z-]+)((?: --[a-z-]+[^`|\n]*)?)")
    for name, rest in named.findall(TEXTS[path]):
        command = main.get_command(context, name)
        assert command is not None, f"there is no `billing {name}`"
        known = {option for each in command.params for option in each.opts}
        assert known.issuperset(re.findall(r"--[a-z-]+", rest)), (name, rest)


def test_every_setting_is_documented_and_every_documented_one_is_read() -> None:
    source = "".join(file.read_text() for file in (ROOT / "ledger/settings").glob("*.py"))
    read = set(re.findall(r'"((?:BILLING|STRIPE|DATABASE)_[A-Z_]+|PLATFORM)"', source))
    table = set(re.findall(r"`([A-Z_]{8,})`", TEXTS[ROOT / "docs/operating.md"]))
    assert read <= table
    assert {each for each in table if each.startswith("BILLING_")} <= read
    assert Settings.from_environment({}).webhook_secrets == ()


def test_every_link_leads_somewhere() -> None:
    for path, text in TEXTS.items():
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", text):
            assert (path.parent / target).exists(), (path.name, target)


def test_every_view_of_finance_is_named_in_the_readme(database_url: str) -> None:
    migrate(database_url)
    query = "SELECT table_name FROM information_schema.views WHERE table_schema = 'finance'"
    with psycopg.connect(database_url) as connection:
        views: list[tuple[Any, ...]] = connection.execute(query).fetchall()
    assert views
    assert all(f"| `{name}` |" in TEXTS[ROOT / "README.md"] for (name,) in views)


def test_every_type_of_event_that_is_ignored_is_listed_with_its_reason() -> None:
    listed = dict[str, str]()
    for types, reason in re.findall(
        r"^\| (`.*`) \| (.*) \|$", TEXTS[ROOT / "docs/events.md"], re.M
    ):
        listed |= dict.fromkeys(re.findall(r"`([a-z_.]+)\*?`", types), reason)

    assert {name: listed.get(name) for name in MEANINGLESS} == MEANINGLESS


def test_every_target_the_readme_names_is_in_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"`?make ([a-z]+)", TEXTS[ROOT / "README.md"]))
    assert {"demo", "test", "run"} <= named <= targets
