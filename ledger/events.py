"""All kinds of domain events by their stored name, and how they are written and read."""

from __future__ import annotations

import msgspec

from ledger.aggregates import (
    api_key,
    bookkeeping,
    charge,
    charge_account,
    credit_wallet,
    customer,
    dunning,
    hand_grant,
    invoice_events,
    mailbox,
    mirrors,
    offering,
    plan,
    plan_holder,
    purchase_events,
    shopper_events,
    subscription,
)
from ledger.event import Event

EVENTS: dict[str, type[Event]] = {
    event.TOPIC: event
    for module in (
        customer,
        mailbox,
        charge,
        purchase_events,
        invoice_events,
        subscription,
        credit_wallet,
        mirrors,
        bookkeeping,
        api_key,
        shopper_events,
        offering,
        plan,
        charge_account,
        plan_holder,
        hand_grant,
        dunning,
    )
    for event in module.EVENTS
}
"""Topic -> class. A new kind of event is one name in its aggregate's EVENTS."""

DECODERS: dict[str, msgspec.json.Decoder[Event]] = {
    topic: msgspec.json.Decoder(event) for topic, event in EVENTS.items()
}
"""Topic -> typed decoder, straight into the fields the folds use."""

encode = msgspec.json.Encoder().encode


def decode(topic: str, state: bytes) -> Event:
    """The event stored as `state`. Raises KeyError for a topic no release has ever written."""
    return DECODERS[topic].decode(state)
