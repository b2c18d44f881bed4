"""A learning path that is for sale."""

from __future__ import annotations

from ledger.aggregates.offering import Offering


class LearningPath(Offering):
    """Paid once, it is unlocked for good."""

    CATEGORY = "learning_path"
