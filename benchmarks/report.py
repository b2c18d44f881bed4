"""Figures as lines for a terminal, JSON for a machine and a short table for the repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from benchmarks.figure import Section

JSON_NAME, TABLE_NAME = "results.json", "RESULTS.md"

INTRODUCTION = """# Measurements

Each ratio is the median over rounds in which all contenders ran by turns, on one server, in one
run; beside it the lowest and the highest round. Every benchmark proves its result (rows counted,
tables compared) before it gives a number. Absolute numbers are the machine's, ratios are ours.

Repeat with `make bench`; `.venv/bin/python -m benchmarks --only a,b` runs some, `--quick` only
shows that they run. `BENCH_DATABASE_URL` names another server; it must be durable.
"""


def lines(sections: Iterable[Section]) -> Iterator[str]:
    """One a figure: name, value, goal, verdict."""
    return (figure.line for section in sections for figure in section.figures)


def write(folder: Path, machine: Mapping[str, str], sections: Sequence[Section]) -> None:
    """Both files into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    found = {"machine": dict(machine), "sections": msgspec.to_builtins(list(sections))}
    text = msgspec.json.format(msgspec.json.encode(found)).decode()
    (folder / JSON_NAME).write_text(text + "\n")
    (folder / TABLE_NAME).write_text("\n".join(_page(machine, sections)) + "\n")


def _page(machine: Mapping[str, str], sections: Iterable[Section]) -> Iterator[str]:
    yield INTRODUCTION
    yield from (f"- {name}: {value}" for name, value in machine.items())
    for section in sections:
        yield f"\n## {section.title}\n"
        yield "| name | ratio | goal | met or short | rounds |"
        yield "|---|---|---|---|---|"
        for figure in section.figures:
            cells = figure.line.replace(" | told", " | ")
            yield f"| {cells} | {figure.spread} |"
        yield ""
        yield from (f"- {fact}" for fact in section.facts)
