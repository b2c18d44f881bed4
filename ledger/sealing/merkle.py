"""RFC 6962's hash tree over the entries of a log: its root, and the path from an entry to it.

An entry's digest covers its stream, version, topic and exact state; its leaf covers position and
digest. Each of the three kinds of hash begins with a byte of its own, so that none passes for
another.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from struct import Struct

NODE, LEAF, ENTRY = b"\x01", b"\x00", b"\x02"
HASH_BYTES = 32

_number = Struct(">q").pack


def digest(stream: str, version: int, topic: str, state: bytes) -> bytes:
    """What an entry says, wherever it stands: 32 bytes."""
    name, kind = stream.encode(), topic.encode()
    return sha256(
        b"".join(
            (
                *(ENTRY, _number(len(name)), name, _number(version)),
                *(_number(len(kind)), kind, _number(len(state)), state),
            )
        )
    ).digest()


def leaf(position: int, said: bytes) -> bytes:
    """The hash of an entry with digest `said` at `position`."""
    return sha256(LEAF + _number(position) + said).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """The root over at least one leaf, in their order."""
    level = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0]


def tree(leaves: Sequence[bytes]) -> list[Sequence[bytes]]:
    """All levels, from the leaves up to the root."""
    levels = [leaves]
    while len(levels[-1]) > 1:
        levels.append(_above(levels[-1]))
    return levels


def path(levels: Sequence[Sequence[bytes]], index: int) -> list[bytes]:
    """The hashes beside the way from leaf `index` up to the root of a tree."""
    ways = [(level, (index >> height) ^ 1) for height, level in enumerate(levels[:-1])]
    return [level[beside] for level, beside in ways if beside < len(level)]


def climbed(start: bytes, index: int, count: int, beside: Sequence[bytes]) -> bytes | None:
    """The root that leaf `start` leads to as number `index` of `count`; None: no such path."""
    found, rest = start, list(beside)
    while count > 1:
        if index ^ 1 < count:
            if not rest:
                return None
            other = rest.pop(0)
            found = _node(other, found) if index % 2 else _node(found, other)
        index, count = index // 2, (count + 1) // 2
    return None if rest else found


def _above(level: Sequence[bytes]) -> list[bytes]:
    """The next level; a hash without a neighbour goes up as it is."""
    pairs = zip(level[::2], level[1::2], strict=False)
    above = [_node(left, right) for left, right in pairs]
    return above + list(level[2 * len(above) :])


def _node(left: bytes, right: bytes) -> bytes:
    return sha256(NODE + left + right).digest()
