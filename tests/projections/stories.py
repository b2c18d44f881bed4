"""Small stories told in every order of arrival, up to the rows finance reads."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

from ledger.event import Event
from ledger.events import encode
from ledger.policy import Policy
from projections.engine import Folding, Rows
from projections.registry import PROJECTIONS
from projections.rows import Row
from tests.ledger.providers.stripe.objects import Json
from tests.ledger.stories import end_in_all_orders, tell, told

Tables = dict[str, Rows]


def rows_in_all_orders(*events: Json) -> Tables:
    """The rows all orders of these events end in, by table and key."""
    ending = end_in_all_orders(*events)
    rows = folded(ending.events)
    for order in permutations([told(event) for event in events]):
        assert folded(tell(order, Policy()).events) == rows, [why.id for _, why in order]
    return rows


def folded(events: Sequence[Event]) -> Tables:
    """The rows of all tables after these events."""
    folding = Folding(PROJECTIONS)
    folding.fold([(n, each.TOPIC, encode(each)) for n, each in enumerate(events, start=1)])
    return folding.rows


def only(tables: Tables, table: str) -> dict[str, Any]:
    """The one row of a table, by column."""
    (row,) = tables[table].values()
    assert isinstance(row, Row)
    return {name: getattr(row, name) for name in row.__struct_fields__}
