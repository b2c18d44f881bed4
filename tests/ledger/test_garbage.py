"""What the collector is told not to look at must not need it."""

import gc
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from ledger.aggregates.aggregate import Aggregate
from ledger.assembly import OBSERVERS
from ledger.books import Books
from ledger.clerk import Clerk, Rules
from ledger.delivery import Delivery
from ledger.policy import Policy
from ledger.providers.stripe.receiver import envelope
from web.sandbox.year import simulate

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def uncollected() -> Iterator[None]:
    """Nothing is collected meanwhile: what goes, goes because nobody holds it."""
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def aggregates() -> int:
    """How many are alive."""
    return sum(isinstance(each, Aggregate) for each in gc.get_objects())


@pytest.mark.usefixtures("uncollected")
def test_aggregates_that_are_let_go_of_are_gone_without_the_collector() -> None:
    before, books = aggregates(), Books(lambda _: {})
    clerk = Clerk(books, Rules(OBSERVERS, Policy(), livemode=False))
    bodies = simulate(1, 20, NOW).bodies()
    clerk.keep([Delivery(envelope(body), NOW, {}, body) for body in bodies], NOW)
    books.collect_events()
    assert aggregates() > before

    books.forget()

    assert aggregates() == before
