"""How a torture tells what it found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import msgspec

from projections.rows import Row
from replay.torture import Contrast, Otherwise

SHOWN = 10


def outcomes(counts: Counter[str]) -> str:
    """What became of the deliveries, in the order they came."""
    each = (f"{number} {outcome}" for outcome, number in sorted(counts.items()))
    return f"{counts.total()} deliveries: {', '.join(each) or 'none'}"


def same(orders: int, fingerprint: str) -> str:
    """All orders ended alike."""
    return f"fingerprint {fingerprint}\n{orders} orders, 1 fingerprint"


def differing(found: Otherwise, again: str) -> Iterator[str]:
    """One order ended otherwise: where, and how to see it again."""
    rows = len(found.contrasts)
    yield f"order {found.number} ends otherwise, in {rows} rows; see it again with"
    yield f"  {again} --only-order {found.number}"
    for contrast in found.contrasts[:SHOWN]:
        yield from _contrast(contrast, found.number)
    if rows > SHOWN:
        yield f"... and {rows - SHOWN} more rows"


def _contrast(contrast: Contrast, number: int) -> Iterator[str]:
    key = contrast.key if isinstance(contrast.key, str) else " ".join(contrast.key)
    yield f"{contrast.table} {key}"
    yield f"  as they came  {_row(contrast.before)}"
    yield f"  order {number:<8}{_row(contrast.after)}"


def _row(row: Row | None) -> str:
    return msgspec.json.encode(row).decode() if row is not None else "no such row"
