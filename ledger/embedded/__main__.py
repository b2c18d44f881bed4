"""`python -m ledger.embedded start|stop|status|url`: the private PostgreSQL by hand."""

import sys
from pathlib import Path

import click

from ledger.embedded.errors import EmbeddedPostgresError
from ledger.embedded.postgres import EmbeddedPostgres

DEFAULT_HOME = Path(".data/postgres")


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _start(server: EmbeddedPostgres) -> str:
    return server.start()


def _stop(server: EmbeddedPostgres) -> str:
    server.stop()
    return "stopped"


def _status(server: EmbeddedPostgres) -> str:
    return "running" if server.is_running() else "stopped"


def _url(server: EmbeddedPostgres) -> str:
    return server.url


COMMANDS = {"start": _start, "stop": _stop, "status": _status, "url": _url}


@click.command()
@click.argument("command", type=click.Choice(list(COMMANDS)))
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    default=DEFAULT_HOME,
    envvar="BILLING_DATA_DIR",
    show_default=True,
    show_envvar=True,
    help="The private folder with data, password and log.",
)
@click.option("--throwaway", is_flag=True, help="Quick and not durable; for tests.")
@click.option(
    "--programs",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder with another PostgreSQL's initdb and pg_ctl.",
)
def main(command: str, data: Path, throwaway: bool, programs: Path | None) -> None:
    """Start, stop or find the private PostgreSQL of a folder; it stays up until it is stopped."""
    server = EmbeddedPostgres(data, durable=not throwaway, programs=programs, say=_say)
    try:
        click.echo(COMMANDS[command](server))
    except (EmbeddedPostgresError, OSError) as error:
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
