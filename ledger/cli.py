"""The `billing` command: each package contributes its own sub-commands."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from importlib.metadata import EntryPoint, entry_points

import click
from eventsourcing.persistence import PersistenceError
from psycopg import OperationalError
from psycopg.errors import InsufficientPrivilege, UndefinedTable

from ledger.embedded.errors import EmbeddedPostgresError
from ledger.errors import LedgerError
from ledger.store.errors import translated

GROUP = "billing.commands"
EXPECTED = (LedgerError, EmbeddedPostgresError, PersistenceError, OperationalError)


class Commands(click.Group):
    """Sub-commands found by entry point, so that imports keep pointing one way."""

    def list_commands(self, context: click.Context) -> list[str]:
        return sorted(self._found())

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        found = self._found().get(name)
        command = found.load() if found else None
        assert command is None or isinstance(command, click.Command)
        return command

    def invoke(self, context: click.Context) -> object:
        """Runs a sub-command; an error we raise on purpose is one line, not a traceback."""
        try:
            return super().invoke(context)
        except (InsufficientPrivilege, UndefinedTable) as error:
            raise click.ClickException(str(translated(error))) from error
        except EXPECTED as error:
            raise click.ClickException(str(error).strip()) from error

    @staticmethod
    def _found() -> Mapping[str, EntryPoint]:
        return {each.name: each for each in entry_points(group=GROUP)}


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("-v", "--verbose", is_flag=True, help="Log what the workers do.")
def main(verbose: bool) -> None:
    """An event-sourced billing ledger: every webhook kept, every cent explained."""
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, stream=sys.stderr, format="%(levelname)s %(name)s %(message)s")
