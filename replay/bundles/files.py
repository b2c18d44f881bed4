"""The files of a bundle as they are written: streamed, and hashed on their way."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

from ledger.errors import LedgerError
from replay.bundles.lines import cells
from replay.bundles.manifest import File

READ_BYTES = 1 << 20


class FolderTaken(LedgerError):
    def __init__(self, folder: Path) -> None:
        super().__init__(f"{folder} is not empty: name a new folder for the bundle")


class Writer:
    """One file: everything written goes into its hash too."""

    def __init__(self, name: str, opened: BinaryIO) -> None:
        self._name = name
        self._opened = opened
        self._hash = sha256()
        self._size_bytes = 0

    def write(self, data: bytes) -> None:
        self._opened.write(data)
        self._hash.update(data)
        self._size_bytes += len(data)

    @property
    def file(self) -> File:
        return File(self._name, self._hash.hexdigest(), self._size_bytes)


class Table:
    """A CSV file: a row of names, then rows of values."""

    def __init__(self, writer: Writer, columns: Sequence[str]) -> None:
        self._writer = writer
        self.write(columns)

    def write(self, values: Iterable[object]) -> None:
        text = io.StringIO()
        csv.writer(text).writerow(cells(values))
        self._writer.write(text.getvalue().encode())


class Folder:
    """A new folder for a bundle. Raises FolderTaken."""

    def __init__(self, path: Path) -> None:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise FolderTaken(path)
        path.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.files: list[File] = []

    @contextmanager
    def file(self, name: str) -> Iterator[Writer]:
        """A file to write; it is listed once it is done."""
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as opened:
            writer = Writer(name, opened)
            yield writer
        self.files.append(writer.file)

    @contextmanager
    def both(
        self, name: str, columns: Sequence[str]
    ) -> Iterator[Callable[[bytes, Iterable[object]], None]]:
        """A file of JSON lines and one of CSV; what it yields takes the line and the cells."""
        with ExitStack() as stack:
            lines = stack.enter_context(self.file(f"{name}.jsonl"))
            table = Table(stack.enter_context(self.file(f"{name}.csv")), columns)

            def write(line: bytes, values: Iterable[object]) -> None:
                lines.write(line)
                table.write(values)

            yield write


def hashed(folder: Path, name: str) -> File:
    """A file as it is now. Raises OSError."""
    digest, size = sha256(), 0
    with (folder / name).open("rb") as opened:
        while data := opened.read(READ_BYTES):
            digest.update(data)
            size += len(data)
    return File(name, digest.hexdigest(), size)
