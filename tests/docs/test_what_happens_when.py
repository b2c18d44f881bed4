"""Every command of the document on what happens when, run on a ledger that has lived a little."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner, Result
from psycopg.sql import SQL

from ledger.application import Inbox
from ledger.cli import main
from ledger.store.names import Names
from web.sandbox.deliveries import simulated

TEXT = (Path(__file__).parents[2] / "docs/what-happens-when.md").read_text()
COMMANDS = re.findall(r"^\$ billing (.*)$", TEXT, re.MULTILINE)
QUERIES = re.findall(r"^```sql\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
ANSWERS = re.split(r"^## ", TEXT, flags=re.MULTILINE)[1:]
CUSTOMERS = 52  # one for each life story


@pytest.fixture
def lived(database_url: str) -> str:
    """A ledger that has heard of many customers, worked off."""
    with Inbox(database_url, Names(), pool_size=1) as inbox:
        for delivery in simulated(CUSTOMERS, seed=2):
            inbox.receive(delivery)
    assert billing(database_url, "work", "--until-idle").exit_code == 0
    return database_url


def billing(url: str, *arguments: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(main, arguments)


def test_every_command_does_what_is_written(lived: str) -> None:
    assert len(COMMANDS) >= 8
    for command in COMMANDS:
        result = billing(lived, *shlex.split(command))
        assert result.exit_code == 0, (command, result.output)
        if command.startswith("torture"):
            assert result.stdout.endswith("5 orders, 1 fingerprint\n")


def test_every_query_finds_what_its_answer_is_about(lived: str) -> None:
    nothing = ("HAVING count(*) > 1", "LIKE 'read as API%'", "shortfall > 0", "= 'refused'")
    with psycopg.connect(lived) as connection:
        for query in QUERIES:
            found = connection.execute(SQL(query)).fetchall()
            assert bool(found) is not any(words in query for words in nothing), query


def test_every_answer_ends_in_something_to_run() -> None:
    assert len(ANSWERS) >= 12
    for answer in ANSWERS:
        assert "```sql" in answer or "```console" in answer, answer.splitlines()[0]
