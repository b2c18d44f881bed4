"""A sealer in a process of its own that is killed at one of its steps, as by a power cut."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from psycopg import Connection

from ledger.sealing import copies
from ledger.sealing.copies import Copies
from ledger.sealing.seal import Seal
from ledger.sealing.sheet import Sheet
from ledger.sealing.store import SealStore
from tests.ledger.sealing.given import sealer, settings


class Fate:
    """Ends the process at a step, the `number`-th in all."""

    def __init__(self, number: int) -> None:
        self._left = number

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def doomed(fate: Fate) -> None:
    """Puts a step before and after everything that lasts."""
    add, write, link, flush = SealStore.add, copies._write, os.link, Copies.write

    def adding(self: SealStore, connection: Connection[Any], seal: Seal, sheet: Sheet) -> None:
        fate.step()
        add(self, connection, seal, sheet)
        fate.step()

    def copying(self: Copies, log: str, number: int, line: str, sheet: Sheet) -> None:
        flush(self, log, number, line, sheet)
        fate.step()

    def writing(file: Path, text: str) -> None:
        write(file, text[: len(text) // 2])
        fate.step()
        write(file, text)
        fate.step()

    def linking(source: Path, target: Path) -> None:
        link(source, target)
        fate.step()

    SealStore.add, Copies.write = adding, copying  # type: ignore[method-assign]  # the point of it
    copies._write, os.link = writing, linking  # type: ignore[assignment]  # the same


def main(url: str, folder: str, number: str) -> None:
    """Seals everything, unless its fate comes first."""
    doomed(Fate(int(number)))
    with closing(sealer(url, settings(Path(folder)))) as made:
        made.seal(everything=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
