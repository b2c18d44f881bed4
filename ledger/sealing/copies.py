"""Copies of the seals outside the database: a file each, written whole or not at all, once."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from ledger.errors import LedgerError
from ledger.sealing.sheet import Sheet

SUFFIX = ".seal"


class CopyDiffers(LedgerError):
    """The file outside says something else; it is never overwritten, and nothing is sealed."""

    def __init__(self, file: Path) -> None:
        super().__init__(f"{file} is not the copy of this database's seal: see `billing verify`")


class CopiesOutOfReach(LedgerError):
    """The folder or a file in it is there, and cannot be read or written."""

    def __init__(self, place: Path, problem: OSError) -> None:
        super().__init__(f"{place} is out of reach: {problem.strerror}")


class Copy(NamedTuple):
    """What a file says: the seal's line, and below it a line for each entry."""

    line: str
    lines: str

    @property
    def sheet(self) -> Sheet | None:
        return Sheet.from_lines(self.lines)


class Copies:
    """The files in one folder, such as `ledger-000000001.seal`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def file(self, log: str, number: int) -> Path:
        return self.folder / f"{log}-{number:09}{SUFFIX}"

    def numbers(self, log: str) -> list[int]:
        """Every number there is a file of, in order. Raises CopiesOutOfReach."""
        pattern = re.compile(rf"{log}-([0-9]{{9,}}){re.escape(SUFFIX)}")
        with _reaching(self.folder):
            names = os.listdir(self.folder) if self.folder.is_dir() else ()
        return sorted(int(each[1]) for each in map(pattern.fullmatch, names) if each)

    def read(self, log: str, number: int) -> Copy | None:
        """One file, if it is there. Raises CopiesOutOfReach."""
        file = self.file(log, number)
        if not os.path.lexists(file):
            return None
        with _reaching(file):
            text = file.read_text(encoding="utf-8", errors="replace")
        line, _, lines = text.partition("\n")
        return Copy(line, lines)

    def tidy(self) -> None:
        """Takes away what a crash left half written. Raises CopiesOutOfReach."""
        with _reaching(self.folder):
            for each in self.folder.glob(f".*{SUFFIX}.*"):
                each.unlink(missing_ok=True)

    def write(self, log: str, number: int, line: str, sheet: Sheet) -> None:
        """Writes one file, durably. Raises CopiesOutOfReach.

        Raises CopyDiffers when there is another of its name.
        """
        copy, file = Copy(line, sheet.to_lines()), self.file(log, number)
        with _reaching(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            if not _is_new(file, f"{copy.line}\n{copy.lines}") and self.read(log, number) != copy:
                raise CopyDiffers(file)
            _flush(self.folder)


@contextmanager
def _reaching(place: Path) -> Iterator[None]:
    try:
        yield
    except OSError as problem:
        raise CopiesOutOfReach(place, problem) from problem


def _is_new(file: Path, text: str) -> bool:
    """Writes the whole file or, where there is one of its name, leaves that as it is."""
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    _write(unfinished, text)
    try:
        os.link(unfinished, file)
    except FileExistsError:
        return False
    finally:
        unfinished.unlink()
    return True


def _write(file: Path, text: str) -> None:
    with file.open("w", encoding="utf-8", newline="\n") as opened:
        opened.write(text)
        opened.flush()
        os.fsync(opened.fileno())


def _flush(folder: Path) -> None:
    """Makes the names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
