"""`make bench`: measures what is promised, side by side, and says of each figure met or short."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

import click
import msgspec

from benchmarks import report
from benchmarks.cpu import Noise, postmaster
from benchmarks.figure import Section
from benchmarks.server import Bench, bench

BENCHMARKS = {
    "a": "acknowledge",
    "b": "append",
    "c": "flow",
    "d": "rebuild",
    "e": "verify",
    "f": "past",
}
"""Letter -> the module whose `measure(place, quick)` gives a Section."""

HERE = Path(__file__).parent


def _letters(_: click.Context, __: click.Parameter, given: str) -> list[str]:
    letters = given.split(",")
    if unknown := [letter for letter in letters if letter not in BENCHMARKS]:
        raise click.BadParameter(f"{', '.join(unknown)}: there are {', '.join(BENCHMARKS)}")
    return letters


@click.command(help=__doc__)
@click.option("--only", "letters", default=",".join(BENCHMARKS), callback=_letters)
@click.option(
    "--quick", is_flag=True, help="Seconds, to see that all runs; the figures say little."
)
@click.option(
    "--results",
    type=click.Path(path_type=Path, file_okay=False),
    help=f"Where to write {report.JSON_NAME} and {report.TABLE_NAME}.  "
    "[default: this folder, when all ran in full]",
)
def main(letters: list[str], quick: bool, results: Path | None) -> None:
    """Runs benchmarks one after the other on one server."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # nothing we started outlives us
    with bench() as place:
        for name, value in place.machine.items():
            click.echo(f"{name}: {value}")
        sections = [_run(place, letter, quick) for letter in letters]
    click.echo("\nname | ratio | goal | met or short")
    for line in report.lines(sections):
        click.echo(line)
    if results is None and not quick and letters == list(BENCHMARKS):
        results = HERE
    if results is not None:
        report.write(results, place.machine, sections)


def _run(place: Bench, letter: str, quick: bool) -> Section:
    """One benchmark, told as soon as it is done."""
    measure: Callable[[Bench, bool], Section]
    measure = import_module(f"benchmarks.{BENCHMARKS[letter]}").measure
    noise = Noise(postmaster(place.url))
    section = measure(place, quick)
    others = f"other processes took {noise.share():.0%} of the CPU meanwhile"
    section = msgspec.structs.replace(section, facts=(*section.facts, others))
    click.echo(f"\n{letter}. {section.title}")
    for figure in section.figures:
        click.echo(f"   {figure.line} | {figure.spread}")
    for fact in section.facts:
        click.echo(f"   {fact}")
    return section


if __name__ == "__main__":
    main()
