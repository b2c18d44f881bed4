"""`billing unmatched` and `billing ambiguous`: rows that wait for a person to look."""

from __future__ import annotations

from contextlib import closing
from typing import Any

import click
import msgspec

from projections.cli import connected
from projections.queries import Queries


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def unmatched(as_json: bool) -> None:
    """List payments whose payer nobody knows; `billing claim` says whose one is."""
    with _asking() as queries:
        _print(queries.unmatched(), as_json, "every payment is somebody's")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def ambiguous(as_json: bool) -> None:
    """List rows whose newest report cannot be told, and payments whose reports contradict."""
    with _asking() as queries:
        _print(queries.ambiguous(), as_json, "nothing is ambiguous")


def _asking() -> closing[Queries]:
    settings, url = connected()
    return closing(Queries(url, settings.names))


def _print(rows: list[dict[str, Any]], as_json: bool, nothing: str) -> None:
    if as_json:
        click.echo(msgspec.json.encode(rows).decode())
    elif not rows:
        click.echo(nothing)
    for row in () if as_json else rows:
        click.echo("  ".join(f"{name}={value}" for name, value in row.items()))
