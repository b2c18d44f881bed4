"""The sheet of a seal: position and digest of every entry it closes, in their order.

A root says that a stretch of thousands of entries has changed; the sheet, which the root commits
to, says where.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from struct import Struct, error

from ledger.sealing.merkle import HASH_BYTES, leaf, root, tree

_LEAF = Struct(f">q{HASH_BYTES}s")


class Sheet:
    """Entries in the order of their positions: 40 bytes each when stored."""

    def __init__(self) -> None:
        self.entries: list[tuple[int, bytes]] = []

    def __len__(self) -> int:
        return len(self.entries)

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        return iter(self.entries)

    def add(self, position: int, said: bytes) -> None:
        """One entry more, by its digest."""
        self.entries.append((position, said))

    @property
    def first(self) -> int:
        return self.entries[0][0]

    @property
    def last(self) -> int:
        return self.entries[-1][0]

    def root(self) -> str:
        """The root in hex; '' of an empty sheet, which no seal has."""
        return root(self._leaves()).hex() if self.entries else ""

    def tree(self) -> list[Sequence[bytes]]:
        """All levels of the tree over the entries."""
        return tree(self._leaves())

    def find(self, position: int, said: bytes) -> int | None:
        """The index of an entry; None if this is not there, or not at that position."""
        index = bisect_left(self.entries, (position, said))
        return index if self.entries[index : index + 1] == [(position, said)] else None

    def to_bytes(self) -> bytes:
        return b"".join(_LEAF.pack(*each) for each in self.entries)

    @classmethod
    def from_bytes(cls, stored: bytes) -> Sheet | None:
        """The sheet stored so; None if these bytes are none."""
        sheet = cls()
        try:
            sheet.entries = list(_LEAF.iter_unpack(stored))
        except error:
            return None
        return sheet

    def to_lines(self) -> str:
        """A line for each entry: its position, a space, its digest in hex."""
        return "".join(f"{position} {said.hex()}\n" for position, said in self.entries)

    @classmethod
    def from_lines(cls, lines: str) -> Sheet | None:
        """The inverse of `to_lines`; None for other lines."""
        sheet = cls()
        try:
            for line in lines.splitlines():
                position, said = line.split(" ")
                sheet.add(int(position), bytes.fromhex(said))
        except ValueError:
            return None
        return sheet if sheet.to_lines() == lines else None

    def _leaves(self) -> list[bytes]:
        return [leaf(position, said) for position, said in self.entries]
