"""Whoever forgot to make the tables is told so, and not what the database says of its own."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from ledger.cli import main


@pytest.mark.usefixtures("template")  # other databases of the server have ledgers
@pytest.mark.parametrize(
    "command",
    [
        *("status", "keys list", "history ann", "unmatched", "verify", "refused"),
        *("reactions list", "reactions retry --all", "reactions begin --from end"),
    ],
)
def test_without_tables_a_command_says_how_to_make_them(command: str, empty_url: str) -> None:
    found = CliRunner(env={"DATABASE_URL": empty_url}).invoke(main, command.split())

    assert found.exit_code == 1
    assert "run `billing migrate`" in found.output
    assert "LINE 1" not in found.output
