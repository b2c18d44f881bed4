"""What is reacted to, and by which effects: a new reaction is a line in each of two tables."""

from __future__ import annotations

from collections.abc import Sequence

from ledger.dunning.deciding import LAPSING
from ledger.dunning.effects import DUNNING
from ledger.event import Event
from ledger.mail.sending import MAILS
from ledger.mail.telling import TELLING
from ledger.outgoing.calling import CALLS
from ledger.outgoing.telling import CALLING
from ledger.reactions.deciding import Decide, Decisions
from ledger.reactions.effects import Effects

EFFECTS: Effects = {**MAILS, **CALLS, **DUNNING}
"""Kind of reaction -> what has the effect."""


def merged(*tables: Decisions) -> dict[type[Event], Sequence[Decide]]:
    """What several tables decide, by kind of event."""
    found = dict[type[Event], tuple[Decide, ...]]()
    for table in tables:
        for kind, decide in table.items():
            found[kind] = (*found.get(kind, ()), *decide)
    return dict(found)


DECISIONS: Decisions = merged(TELLING, CALLING, LAPSING)
"""Kind of event -> what decides whether something is to be done, and what."""
