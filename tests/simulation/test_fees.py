"""What a simulated year's payments cost: fetched in any order among its deliveries, it is true."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from random import Random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from ledger.delivery import Delivery
from ledger.providers.stripe.fees import named
from ledger.providers.stripe.fetched import BALANCE_TRANSACTION, object_envelope
from tests.simulation.in_memory import NOW, START, deliveries, kept, rows, true_rows, untrue
from web.sandbox.lives.stories import STORIES
from web.sandbox.render.transactions import balance_transaction
from web.sandbox.render.versions import VERSIONS
from web.sandbox.truth.disputes import Dispute
from web.sandbox.truth.intents import Charge
from web.sandbox.truth.refunds import Refund
from web.sandbox.truth.transactions import BalanceTransaction
from web.sandbox.year import Year, simulate

CUSTOMERS = len(STORIES)


@cache
def year(version: str) -> Year:
    return simulate(3, CUSTOMERS, START, api_version=version)


@cache
def told(version: str) -> list[Delivery]:
    """What is posted, and what is fetched because of it, each once."""
    posted = deliveries(year(version).bodies())
    because = {key: each for each in posted for key in named(each)}
    return [*posted, *(fetched(version, key, each) for key, each in because.items())]


def fetched(version: str, key: str, because: Delivery) -> Delivery:
    """What the fetcher brings: the object with its source, as the truth has it."""
    truth = year(version).truth
    moved = truth.get(BalanceTransaction, key)
    source = truth.as_of().find(Charge, moved.source) or truth.as_of().find(Refund, moved.source)
    assert isinstance(source, Charge | Refund)
    kind = "charge" if isinstance(source, Charge) else "refund"
    expanded = {"id": source.id, "object": kind, "payment_intent": source.intent}
    body = msgspec.json.encode(balance_transaction(moved, moved.created, expanded))
    envelope = object_envelope(BALANCE_TRANSACTION, key, because.envelope)
    created = datetime.fromtimestamp(moved.created, UTC)
    return Delivery(replace(envelope, created=created), NOW, {}, body)


@settings(max_examples=6, deadline=None)
@given(st.sampled_from(VERSIONS), st.integers(0, 2**32).map(Random))
def test_fees_that_arrive_in_any_order_are_what_is_true(version: str, random: Random) -> None:
    arrivals = random.sample(told(version), k=len(told(version)))

    found = rows(kept([arrivals]))

    assert untrue(found, true_rows(year(version), fees=True)) == []


def test_all_the_money_ties_out() -> None:
    """What the balance gained is what was paid, less what went back, and less what that cost."""
    found = rows(kept([told(VERSIONS[-1])]))

    paid = sum(row.paid_minor - row.refunded_minor for row in found["purchases"].values())
    view = year(VERSIONS[-1]).truth.as_of()
    taken = sum(each.amount for each in view.all(Dispute) if each.withdrawn and not each.reinstated)
    pending = sum(each.amount for each in view.all(Refund) if each.status == "pending")
    moved = found["balance_transactions"].values()
    fees = sum(row.fee_minor for row in moved)
    assert fees > 0
    assert sum(row.net_minor for row in moved) == paid - taken - pending - fees
