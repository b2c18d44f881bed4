"""The tables' rows in a bundle, as its own events give them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from operator import attrgetter

import msgspec

from projections.engine import Rows
from projections.projection import Projection
from projections.registry import PROJECTIONS
from projections.rows import Row
from replay.bundles.choice import Choice
from replay.bundles.files import Folder

_encode = msgspec.json.Encoder().encode


def write_rows(folder: Folder, rows: Mapping[str, Rows], choice: Choice) -> None:
    """A file of JSON lines and one of CSV for each table, in the order of the keys."""
    for projection in PROJECTIONS:
        columns = [each.name for each in projection.columns]
        values = attrgetter(*columns)
        with folder.both(f"rows/{projection.name}", columns) as write:
            for row in _chosen(projection, rows[projection.name], choice):
                write(_encode(row) + b"\n", values(row))


def _chosen(projection: Projection, rows: Rows, choice: Choice) -> Iterator[Row]:
    """Of a customer's bundle, the rows that are theirs; else all."""
    has_owner = "customer_id" in {each.name for each in projection.columns}
    for key in sorted(rows):
        row = rows[key]
        owner = getattr(row, "customer_id", None)
        if choice.customer is None or not has_owner or owner in choice.ids:
            yield row
