"""When a customer is told that their card expires."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from ledger.aggregates.mirrors import PaymentMethodReported
from ledger.mail.letter import Letter
from ledger.mirrors import PaymentMethod
from ledger.reactions.deciding import Intent, Seen

NOTICE = timedelta(days=30)


def card_expiring(seen: Seen) -> Iterator[Intent]:
    """A card is kept whose end is known; told a month before, unless it is gone by then."""
    event = seen.event
    assert isinstance(event, PaymentMethodReported)
    card = event.standing.state if event.standing else None
    ends_at = expiry(card) if card else None
    if card is None or ends_at is None or card.provider_customer_id is None:
        return
    if "detached" in event.since or ends_at <= event.recorded_at:
        return
    due_at = max(ends_at - NOTICE, event.recorded_at)
    letter = Letter(
        about=event.originator_id,
        at=due_at,
        times={"ends_at": ends_at},
        words={"brand": card.brand or card.kind, "last4": card.last4 or ""},
    )
    fact = f"{seen.stream.key}:{card.exp_year}-{card.exp_month}"
    yield Intent("mail.card_expiring", fact, letter, due_at)


def expiry(card: PaymentMethod) -> datetime | None:
    """The end of the last month a card is good for; None where it is not told, or is no month."""
    if card.exp_year is None or card.exp_month is None or not 1 <= card.exp_month <= 12:
        return None
    if not 2000 <= card.exp_year <= 9000:
        return None
    year, month = divmod(card.exp_year * 12 + card.exp_month, 12)
    return datetime(year, month + 1, 1, tzinfo=UTC)
