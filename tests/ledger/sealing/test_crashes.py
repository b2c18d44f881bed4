"""A sealer killed between any two steps leaves no gap and no fork; the next one goes on."""

from __future__ import annotations

import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

from ledger.sealing.copies import Copies
from tests.ledger.sealing.given import append, seal, settings
from tests.ledger.sealing.test_sealer import chain, stored

STEPS_OF_A_SEAL = 6


def seal_until_step(url: str, folder: Path, number: int) -> int:
    """The status of a sealer that dies at that step, if it comes so far."""
    command = [sys.executable, "-m", "tests.ledger.sealing.dying", url, str(folder), str(number)]
    return subprocess.run(command, check=False).returncode


def test_killed_at_any_step_the_chain_goes_on(database_url: str, tmp_path: Path) -> None:
    sealed = 0
    for number in count(1):
        append(database_url, range(sealed, sealed + 9))
        sealed += 9
        ended = seal_until_step(database_url, tmp_path, number)

        seal(database_url, settings(tmp_path))

        assert sum(each.count for each in chain(database_url)) == sealed
        copies = Copies(tmp_path)
        assert copies.numbers("ledger") == list(range(1, len(chain(database_url)) + 1))
        assert [copies.read("ledger", each.number) for each in stored(database_url)] == [
            (each.line, each.sheet.to_lines()) for each in stored(database_url) if each.sheet
        ]
        assert len(list(tmp_path.iterdir())) == len(chain(database_url)), "nothing half written"
        if ended == 0:
            break
        assert ended == -signal.SIGKILL
    assert number > 3 * STEPS_OF_A_SEAL, "three seals a round, and every step of each"
