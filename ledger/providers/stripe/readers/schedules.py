"""subscription_schedule.*: changes of a subscription that are planned ahead."""

from __future__ import annotations

from ledger.aggregates.mirrors import Schedule as Noun
from ledger.mirrors import Schedule
from ledger.providers.stripe.observer import at, maybe_at
from ledger.providers.stripe.payloads import Link, Payload, Seconds, Text, link
from ledger.providers.stripe.readers.mirrored import Named, reader


class Phase(Payload, frozen=True):
    start_date: Seconds | None = None
    end_date: Seconds | None = None


class Planned(Named, frozen=True):
    status: str
    created: Seconds
    canceled_at: Seconds | None = None
    completed_at: Seconds | None = None
    current_phase: Phase | None = None
    customer: Link = None
    end_behavior: Text | None = None
    phases: tuple[Phase, ...] = ()
    released_at: Seconds | None = None
    released_subscription: Link = None
    subscription: Link = None


def state(found: Planned) -> Schedule:
    """A schedule in our words; once released it still names the subscription it let go of."""
    phase = found.current_phase or Phase()
    ended = (found.canceled_at, found.completed_at, found.released_at)
    return Schedule(
        provider_customer_id=link(found.customer),
        status=found.status,
        created=at(found.created),
        subscription_id=link(found.subscription) or link(found.released_subscription),
        end_behavior=found.end_behavior,
        phases=len(found.phases),
        phase_started_at=maybe_at(phase.start_date),
        phase_ends_at=maybe_at(phase.end_date),
        ended_at=maybe_at(next((each for each in ended if each is not None), None)),
    )


created = reader(Noun, Planned, state, rank=0)
updated = reader(Noun, Planned, state, rank=1)
over = reader(Noun, Planned, state, rank=2)
