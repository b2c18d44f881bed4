"""What happens differently on an account of an older API version, whoever is told of it."""

from __future__ import annotations

from collections.abc import Callable

from web.sandbox.older.bookings import fees_known_at_once
from web.sandbox.older.sessions import payments_opened_with_sessions
from web.sandbox.older.subscriptions import subscribed_before_paid
from web.sandbox.truth.timeline import Timeline
from web.sandbox.truth.world import Fact

Change = Callable[[list[Fact], Callable[[int], bool]], list[Fact]]

CHANGES: tuple[tuple[str, Change], ...] = (
    ("2025-03-31", subscribed_before_paid),
    ("2024-04-10", fees_known_at_once),
    ("2022-08-01", payments_opened_with_sessions),
)
"""Since which version Stripe acts as the truth does, and what makes it act as before that."""


def as_it_was(facts: list[Fact], account: Timeline) -> list[Fact]:
    """The facts of an account whose requests were of these versions, in order of time."""
    for since, change in CHANGES:
        if min(account.versions) < since:
            facts = change(facts, lambda at, since=since: account.at(at) < since)  # type: ignore[misc] # the default binds the loop's value
    return facts
