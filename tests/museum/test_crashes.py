"""Work that is cut off, and deliveries that come at the same moment."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from threading import Barrier

import pytest
from eventsourcing.domain import DomainEventProtocol

from ledger.aggregates.credit_wallet import CreditWallet
from ledger.application import Inbox, Ledger
from ledger.bookkeeper import POSITION, Bookkeeper
from ledger.commands import loaded
from ledger.store.log import LogReader
from ledger.store.names import Names
from ledger.store.positions import Fence
from tests.ledger.given import SCOPE
from tests.ledger.providers.stripe.objects import payment_intent
from tests.ledger.providers.stripe.payloads import delivery, event
from tests.museum.telling import NOW, RULES

NAMES = Names()
PACK = {"user_id": "ann", "credits": "50"}
PAID = event("payment_intent.succeeded", payment_intent(amount_received=1000, metadata=PACK))
THREADS = 8


class PowerCut(BaseException):
    """The process is no more."""


class CutOff(Ledger):
    """Its first append never happens."""

    def append(self, new: Sequence[DomainEventProtocol[str]], fence: Fence | None = None) -> None:
        raise PowerCut


NewKeeper = Callable[[Ledger], Bookkeeper]


@pytest.fixture
def keeper(database_url: str) -> Iterator[NewKeeper]:
    """A bookkeeper that writes to some ledger; the Inbox has one paid pack of credits."""
    with ExitStack() as stack, Inbox(database_url, NAMES, pool_size=1) as inbox:
        inbox.receive(delivery(PAID))

        def new(ledger: Ledger) -> Bookkeeper:
            logs = [LogReader(database_url, name) for name in (NAMES.inbox, NAMES.ledger)]
            made = Bookkeeper(logs[0], logs[1], ledger, RULES, lambda: NOW)
            stack.enter_context(closing(made))
            return made

        yield new


def credits_of_ann(ledger: Ledger) -> int:
    return loaded(ledger, CreditWallet, SCOPE.stream(CreditWallet.CATEGORY, "ann")).totals.granted


def test_what_was_paid_is_credited_though_the_work_was_cut_off(
    keeper: NewKeeper, database_url: str
) -> None:
    """dj-stripe#832 "Webhooks are not properly retried on errors"; hackerai-tech/hackerai#786 "Fix
    extra usage checkout dedupe"; danny-avila/LibreChat#13812; helixml/helix#3240 (200 on failure).

    Guard: what was done and how far it was done are stored together, or not at all.
    """
    with pytest.raises(PowerCut):
        keeper(CutOff(database_url, NAMES, pool_size=1)).work_batch()

    with Ledger(database_url, NAMES, pool_size=1) as ledger:
        assert keeper(ledger).run_until_idle() == 1
        assert credits_of_ann(ledger) == 50


def test_marked_as_seen_before_the_work_is_done_it_would_be_lost(
    keeper: NewKeeper, database_url: str
) -> None:
    """The same, with the guard taken away: paid, and never credited."""
    with Ledger(database_url, NAMES, pool_size=1) as ledger:
        ledger.append([], Fence(POSITION, 0, 1))

        assert keeper(ledger).run_until_idle() == 0
        assert credits_of_ann(ledger) == 0


def test_the_same_event_at_two_endpoints_is_two_deliveries(database_url: str) -> None:
    """hackerai-tech/hackerai#786: one event id, seen by the platform's and an account's endpoint.

    Guard: a delivery's stream names provider, mode and account besides the event.
    """
    connected = {**PAID, "account": "acct_1"}
    with Inbox(database_url, NAMES, pool_size=1) as inbox:
        assert inbox.receive(delivery(PAID))
        assert inbox.receive(delivery(connected))


def test_the_same_delivery_many_times_at_once_is_kept_once_and_nobody_fails(
    database_url: str,
) -> None:
    """dj-stripe#1239 "Duplicate event errors when receiving duplicate webhooks from Stripe";
    dj-stripe#2161 "Extremely high webhook failure rate" (72 %); medusajs/medusa#4798.

    Guard: the store's own uniqueness decides, and who comes second is answered like the first.
    """
    sent = [delivery({**PAID, "id": f"evt_{n}"}) for n in range(20)]
    together = Barrier(THREADS)
    with Inbox(database_url, NAMES, pool_size=THREADS) as inbox:

        def receive_all(_: int) -> list[bool]:
            together.wait()
            return [inbox.receive(each) for each in sent]

        with ThreadPoolExecutor(THREADS) as pool:
            answers = list(pool.map(receive_all, range(THREADS)))

    assert [sum(new) for new in zip(*answers, strict=True)] == [1] * len(sent)
