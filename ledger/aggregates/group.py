"""A group whose membership is for sale."""

from __future__ import annotations

from ledger.aggregates.offering import Offering


class Group(Offering):
    """Its membership is free, paid once, or paid each interval."""

    CATEGORY = "group"
