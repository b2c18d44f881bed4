"""What shoppers ask for, and the plans and grants they have, in words."""

from __future__ import annotations

from ledger.aggregates import dunning, hand_grant, plan_holder
from ledger.aggregates import shopper_events as shoppers
from replay.sentences.words import Sentences, access, key, when


def asked(event: shoppers.Asked) -> str:
    return f"{key(event)} asks for {event.subject}: order {event.order_id}"


def plans(event: plan_holder.PlanReported) -> str:
    if not event.periods:
        return f"by {event.subscription_id}, {key(event)} never had a plan"
    last = event.periods[-1]
    until = f" until {when(last.end)}" if last.end else ""
    return f"the last plan of {key(event)} is {last.plan_id} since {when(last.start)}{until}"


def lapsed(event: dunning.Lapsed) -> str:
    held = event.held
    back = "; what was paid of it and not used is given back" if held.prorated else ""
    return (
        f"invoice {event.invoice_id} of {key(event)} was not paid in time:"
        f" {held.plan_id} by {held.subscription_id} is to end in the starter plan{back}"
    )


SHOPPERS: Sentences = {
    **dict.fromkeys(shoppers.ASKED, asked),
    shoppers.Registered: lambda e: f"{key(e)} is customer {e.provider_customer_id}",
    shoppers.Opened: lambda e: f"order {e.order_id} of {key(e)} is {e.provider_id}",
    shoppers.Moved: lambda e: f"order {e.order_id} of {key(e)} is for {e.subject} now",
    shoppers.Closed: lambda e: f"order {e.order_id} of {key(e)} is closed: {e.why}",
    plan_holder.PlanReported: plans,
    dunning.Lapsed: lapsed,
    dunning.Downgraded: lambda e: (
        f"until invoice {e.invoice_id} is paid,"
        f" {key(e)} has the starter plan by {e.subscription_id}"
    ),
    dunning.Restored: lambda e: (
        f"invoice {e.invoice_id} is paid: {key(e)} has {e.plan_id} by {e.subscription_id} again"
    ),
    dunning.Dropped: lambda e: (
        f"nothing more is done about invoice {e.invoice_id} of {key(e)}: {e.because}"
    ),
    hand_grant.Entitled: lambda e: f"grant {key(e)} {access(e.access, e.dropped)}: {e.note}",
}
