"""`billing` commands as processes of their own, which tests may kill; none outlives its test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from tests.system.patience import until

BILLING = str(Path(sys.executable).with_name("billing"))


class Program:
    """One command that runs, with its children in a process group; all it says goes to `log`.

    It sees no environment but its settings.
    """

    def __init__(self, settings: Mapping[str, str], log: Path, *command: str) -> None:
        self.name = " ".join(["billing", *command])
        self._settings = {"PATH": os.defpath, **settings}
        self._log = log
        self._command = [BILLING, *command]
        self._groups: list[int] = []
        self.start()

    def start(self) -> None:
        """Start it, for the first time or again."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env=self._settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self._groups.append(self._process.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def said(self) -> str:
        return self._log.read_text(errors="replace")

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would, and leave its children to themselves."""
        self._process.kill()
        self._process.wait()

    def revive(self) -> None:
        """Start it again, as often as it gives up while orphans of the last one are in its way."""
        self.start()
        until(self._is_alone, f"orphans of {self.name} to end")

    def terminate(self) -> int:
        """Ask it to finish; gives its exit status."""
        self._process.terminate()
        return self.wait()

    def wait(self) -> int:
        """Wait for its end; gives its exit status."""
        until(lambda: not self.alive, f"the end of {self.name}")
        return self._process.wait()

    def living(self) -> list[psutil.Process]:
        """Its processes, orphans of killed ones among them."""
        return [each for each in psutil.process_iter() if _group(each) in self._groups]

    def end(self) -> None:
        """Leave nothing of it behind, whatever state it is in."""
        for process in self.living():
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.wait()

    def _is_alone(self) -> bool:
        if not self.alive:
            self.start()
        return all(_group(each) == self.pid for each in self.living())


def children(program: Program) -> Iterator[psutil.Process]:
    """What a program has started and what these have, without the program itself."""
    yield from (each for each in program.living() if each.pid != program.pid)


def _group(process: psutil.Process) -> int | None:
    with suppress(ProcessLookupError, psutil.NoSuchProcess):
        if process.status() != psutil.STATUS_ZOMBIE:
            return os.getpgid(process.pid)
    return None
