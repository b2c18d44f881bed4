"""What tables of mirrored objects share: one kind of event, which carries the whole row."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from msgspec import Meta

from ledger.aggregates.mirror import Mirror, Reported
from projections.common import place
from projections.projection import Projection
from projections.rows import Row

Make = Callable[[Any, Any, str, str], Row]
"""(event, the object as it stands, account, the object's id) -> row."""

CreatedAt = Annotated[datetime, Meta(description="When the provider created it.")]
ProviderStatus = Annotated[str, Meta(description="The provider's word for where it stands.")]
OfCharge = Annotated[
    str | None, Meta(description="The charge it belongs to; `purchases` names the same.")
]
Refunded = Annotated[int, Meta(description="What of it was refunded in all.")]


def mirror_of(
    noun: type[Mirror],
    row: type[Row],
    make: Make,
    name: str,
    comment: str,
    *indexes: str,
) -> Projection:
    """The table of one kind of mirrored object; one only named by others has no row yet."""

    def reported(_row: Row | None, event: Reported[Any]) -> Row | None:
        if event.standing is None:
            return None
        _category, account, key = place(event.originator_id)
        return make(event, event.standing.state, account, key)

    return Projection(
        name=name,
        comment=comment,
        row=row,
        key=("stream",),
        folds={noun.REPORTED: reported},
        indexes=tuple((each,) for each in indexes),
    )
