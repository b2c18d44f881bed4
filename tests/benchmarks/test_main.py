"""Each benchmark runs, proves its result and prints its lines; what they say is not judged here."""

import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from benchmarks.__main__ import BENCHMARKS
from benchmarks.figure import Section


class Results(msgspec.Struct):
    machine: dict[str, str]
    sections: list[Section]


@pytest.mark.parametrize("letter", BENCHMARKS)
def test_a_benchmark_runs_and_says_met_or_short_of_each_figure(letter: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "benchmarks", "--quick", "--only", letter]

    run = subprocess.run(
        [*command, "--results", tmp_path], capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stderr
    results = msgspec.json.decode((tmp_path / "results.json").read_bytes(), type=Results)
    (section,) = results.sections
    assert section.figures
    page = (tmp_path / "RESULTS.md").read_text()
    for figure in section.figures:
        assert figure.line in run.stdout
        assert figure.name in page
    assert results.machine["PostgreSQL"] in page
