"""Bills that could not be collected, each with all that was recorded of its way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ledger.aggregates import dunning as books
from ledger.aggregates.dunning import Dunning
from ledger.aggregates.invoice_events import Standing
from ledger.aggregates.subscription import Subscription
from ledger.dunning.deciding import failed
from ledger.effects import Access
from ledger.ids import parse_stream
from ledger.observations import Bill, Plan
from ledger.reactions.reaction import Reaction
from replay.past import Recorded

FAMILY = "dunning."
"""What the kinds of reactions begin with by which plans end and come back."""


class About(NamedTuple):
    """What is asked for: the bills of some subscriptions, or single ones, by the provider's ids."""

    subscriptions: frozenset[str] = frozenset()
    invoices: frozenset[str] = frozenset()


class Trouble(NamedTuple):
    """One bill of a subscription that could not be collected, and what its payer lost by it.

    `standings` are the events of the invoice, `steps` those of dunning about it, `acts` those of
    its reactions, `plan` those of the subscription, each in order; `dunning` is how all stands.
    """

    invoice_id: str
    standings: Sequence[Recorded]
    steps: Sequence[Recorded]
    acts: Sequence[Recorded]
    plan: Sequence[Recorded]
    dunning: Dunning

    @property
    def bill(self) -> Bill:
        """As it stands."""
        return bill_of(self.standings[-1])

    @property
    def subscription(self) -> Subscription:
        """The subscription that is billed, as it stands."""
        found = Subscription("")
        for each in self.plan:
            found.apply(each.event)
        return found

    @property
    def billed_plan(self) -> Plan | None:
        """The plan of that subscription."""
        return self.subscription.plan

    @property
    def access(self) -> Access | None:
        """What that subscription gives."""
        return self.subscription.access

    @property
    def reactions(self) -> dict[str, Reaction]:
        """How its reactions stand, by what they are called besides their scope."""
        found: dict[str, Reaction] = {}
        for each in self.acts:
            name = parse_stream(each.event.originator_id).key
            reaction = found.setdefault(name, Reaction(each.event.originator_id))
            reaction.apply(each.event)
        return found


def troubles(
    events: Sequence[Recorded], acts: Sequence[Recorded], about: About
) -> Iterator[Trouble]:
    """Of a customer's events, the bills in trouble that are asked for, the oldest first."""
    steps = [each for each in events if isinstance(each.event, books.EVENTS)]
    standings: dict[str, list[Recorded]] = {}
    for each in events:
        if isinstance(each.event, Standing):
            standings.setdefault(_key(each), []).append(each)
    for key, stood in standings.items():
        bill = bill_of(stood[-1])
        asked = key in about.invoices or bill.subscription_id in about.subscriptions
        own = [each for each in steps if getattr(each.event, "invoice_id", None) == key]
        by = {getattr(each.event, "subscription_id", None) for each in own}
        if (asked or by & about.subscriptions) and any(failed(bill_of(each)) for each in stood):
            yield Trouble(
                invoice_id=key,
                standings=stood,
                steps=own,
                acts=[each for each in acts if _is_about(each, key)],
                plan=[each for each in events if _is_of(each, bill.subscription_id)],
                dunning=_folded(steps),
            )


def bill_of(each: Recorded) -> Bill:
    """The bill as an event of its invoice tells it."""
    assert isinstance(each.event, Standing)
    return each.event.standing.state


def _folded(steps: Sequence[Recorded]) -> Dunning:
    dunning = Dunning("")
    for each in steps:
        dunning.apply(each.event)
    return dunning


def _is_of(each: Recorded, subscription_id: str | None) -> bool:
    stream = parse_stream(each.event.originator_id)
    return (stream.category, stream.key) == (Subscription.CATEGORY, subscription_id)


def _is_about(act: Recorded, invoice_id: str) -> bool:
    """A reaction's own id says: kind, invoice, and which of the tries to collect that."""
    kind, _, fact = _key(act).partition(":")
    return kind.startswith(FAMILY) and fact.partition(":")[0] == invoice_id


def _key(each: Recorded) -> str:
    return parse_stream(each.event.originator_id).key
