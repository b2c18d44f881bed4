"""Events as PostgreSQL's binary arrays: each caller encodes its own, the group only joins them."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import psycopg
from eventsourcing.persistence import DataError, StoredEvent
from psycopg.adapt import Dumper
from psycopg.pq import Format

_length = struct.Struct("!i").pack
_version = struct.Struct("!iq").pack
_header = struct.Struct("!iiIii").pack  # dimensions, has nulls, element type, size, lower bound

BIGINT, BYTEA, TEXT = 20, 17, 25  # the type numbers are PostgreSQL's own


class BigintArray(bytes):
    """A whole `bigint[]`, ready to be sent."""


class ByteaArray(bytes):
    """A whole `bytea[]`, ready to be sent."""


class TextArray(bytes):
    """A whole `text[]`, ready to be sent."""


class _AsItIs(Dumper):
    format = Format.BINARY

    def dump(self, obj: bytes) -> bytes:
        return obj


for _array, _number in ((BigintArray, 1016), (ByteaArray, 1001), (TextArray, 1009)):
    psycopg.adapters.register_dumper(_array, type(_array.__name__, (_AsItIs,), {"oid": _number}))

Arrays = tuple[TextArray, BigintArray, TextArray, ByteaArray]


@dataclass(frozen=True, slots=True)
class Columns:
    """The elements of some events' columns, without the arrays' headers."""

    count: int
    ids: bytes
    versions: bytes
    topics: bytes
    states: bytes


def encoded(events: Sequence[StoredEvent]) -> Columns:
    """Raises DataError for what cannot be written as its type, TypeError for another type."""
    try:
        return Columns(
            len(events),
            _elements(str(event.originator_id).encode() for event in events),
            b"".join([_version(8, event.originator_version) for event in events]),
            _elements(str.encode(event.topic) for event in events),
            _elements(event.state for event in events),
        )
    except (struct.error, UnicodeEncodeError) as error:
        raise DataError(str(error)) from error


def joined(parts: Sequence[Columns]) -> Arrays:
    """Everybody's events as the arrays the append functions take, in the order of `parts`."""
    size = sum(part.count for part in parts)
    return (
        TextArray(_array_of(TEXT, size, [part.ids for part in parts])),
        BigintArray(_array_of(BIGINT, size, [part.versions for part in parts])),
        TextArray(_array_of(TEXT, size, [part.topics for part in parts])),
        ByteaArray(_array_of(BYTEA, size, [part.states for part in parts])),
    )


def _elements(values: Iterable[bytes]) -> bytes:
    return b"".join([part for value in values for part in (_length(len(value)), value)])


def _array_of(element: int, size: int, parts: Sequence[bytes]) -> bytes:
    if not size:
        return _header(0, 0, element, 0, 0)[:12]  # no dimensions
    return _header(1, 0, element, size, 1) + b"".join(parts)
