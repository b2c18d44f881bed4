"""The bookkeeper writes what is new exactly once, whatever happens to it on the way."""

from collections.abc import Sequence

import pytest
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import OperationalError

from ledger.aggregates.bookkeeping import BatchKept, Entry, Refused
from ledger.aggregates.credit_wallet import CreditWallet, Totals
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.purchase_events import Paid
from ledger.application import Inbox, Ledger
from ledger.bookkeeper import POSITION
from ledger.commands import loaded, spend_credits
from ledger.event import Event
from ledger.events import decode
from ledger.store.errors import PositionMoved
from ledger.store.log import LogReader
from ledger.store.positions import Fence
from tests.ledger.conftest import NAMES, NewBookkeeper
from tests.ledger.given import SCOPE, day
from tests.ledger.providers.stripe.objects import Json, charge, payment_intent, refund, session
from tests.ledger.providers.stripe.payloads import EVENTS, delivery, event

PACK = {"user_id": "ann", "credits": "50"}
PAID = event("payment_intent.succeeded", payment_intent(amount_received=1000, metadata=PACK))
CHARGED = event("charge.succeeded", charge(metadata=PACK))
CHECKED_OUT = event("checkout.session.completed", session(metadata=PACK))
UNREADABLE = event("invoice.paid", {})


def receive(inbox: Inbox, *events: Json) -> None:
    for each in events:
        assert inbox.receive(delivery(each))


def told(history: LogReader) -> list[Event]:
    """All events of the ledger in their order."""
    return [decode(topic, state) for page in history.pages(0) for _, topic, state in page]


def entries(history: LogReader) -> list[Entry]:
    """What became of each delivery, in their order."""
    return [entry for e in told(history) if isinstance(e, BatchKept) for entry in e.entries]


def outcomes(history: LogReader) -> list[str]:
    return [entry.outcome for entry in entries(history)]


def wallet(ledger: Ledger) -> Totals:
    return loaded(ledger, CreditWallet, SCOPE.stream(CreditWallet.CATEGORY, "ann")).totals


def test_an_empty_inbox_leaves_the_ledger_as_it_is(
    new_bookkeeper: NewBookkeeper, history: LogReader
) -> None:
    assert new_bookkeeper().run_until_idle() == 0
    assert told(history) == []


def test_events_and_position_are_stored_together(
    new_bookkeeper: NewBookkeeper, inbox: Inbox, history: LogReader
) -> None:
    receive(inbox, PAID, UNREADABLE)

    assert new_bookkeeper().run_until_idle() == 2

    assert outcomes(history) == ["applied", "refused"]
    *_, record = told(history)
    assert isinstance(record, BatchKept)
    assert history.position(POSITION) == record.inbox_position == 2


def test_the_same_money_is_counted_once(
    new_bookkeeper: NewBookkeeper, inbox: Inbox, ledger: Ledger
) -> None:
    receive(inbox, PAID, CHARGED, CHECKED_OUT)

    new_bookkeeper().run_until_idle()

    purchase = loaded(ledger, Purchase, SCOPE.stream(Purchase.CATEGORY, "pi_1"))
    assert purchase.receipt is not None
    assert purchase.receipt.paid.minor == 1000
    assert wallet(ledger) == Totals(granted=50)


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_restart_between_batches_goes_on_where_it_was(
    size: int, new_bookkeeper: NewBookkeeper, inbox: Inbox, history: LogReader, ledger: Ledger
) -> None:
    receive(inbox, PAID, CHARGED, CHECKED_OUT, UNREADABLE)

    done = []
    while count := new_bookkeeper().work_batch(size):
        done.append(count)

    assert sum(done) == len(entries(history)) == 4
    assert max(done) == size
    assert wallet(ledger) == Totals(granted=50)


class DyingLedger(Ledger):
    """Loses the connection at its first append, before or after it is stored."""

    def __init__(self, url: str, stored: bool) -> None:
        super().__init__(url, NAMES, pool_size=1)
        self.stored, self.died = stored, False

    def append(self, new: Sequence[DomainEventProtocol[str]], fence: Fence | None = None) -> None:
        died, self.died = self.died, True
        if died or self.stored:
            super().append(new, fence)
        if not died:
            raise OperationalError("the connection is gone")


@pytest.mark.parametrize("stored", [True, False])
@pytest.mark.parametrize("restarted", [True, False])
def test_a_batch_whose_answer_was_lost_is_kept_once(
    stored: bool,
    restarted: bool,
    new_bookkeeper: NewBookkeeper,
    inbox: Inbox,
    database_url: str,
    history: LogReader,
) -> None:
    receive(inbox, PAID, CHARGED)
    with DyingLedger(database_url, stored) as dying:
        bookkeeper = new_bookkeeper(ledger=dying)
        with pytest.raises(OperationalError):
            bookkeeper.run_until_idle()

        again = new_bookkeeper() if restarted else bookkeeper
        again.run_until_idle()

    assert outcomes(history) == ["applied", "applied"]
    assert sum(isinstance(each, Paid) for each in told(history)) == 2  # as each of two reports it


def test_of_two_bookkeepers_the_second_stops_and_nothing_is_doubled(
    new_bookkeeper: NewBookkeeper, inbox: Inbox, history: LogReader, ledger: Ledger
) -> None:
    first, second = new_bookkeeper(), new_bookkeeper()
    receive(inbox, event("product.created", {"id": "prod_1"}))
    first.run_until_idle()
    second.run_until_idle()
    receive(inbox, PAID)
    first.run_until_idle()

    receive(inbox, CHARGED)
    with pytest.raises(PositionMoved):
        second.run_until_idle()

    first.run_until_idle()
    assert outcomes(history) == ["ignored", "applied", "applied"]
    assert wallet(ledger) == Totals(granted=50)


def test_a_refused_delivery_is_shown_and_blocks_nothing(
    new_bookkeeper: NewBookkeeper, inbox: Inbox, history: LogReader, ledger: Ledger
) -> None:
    receive(inbox, UNREADABLE, PAID)

    new_bookkeeper().run_until_idle()

    [refused] = [each for each in told(history) if isinstance(each, Refused)]
    first, _ = entries(history)
    assert (first.outcome, first.reason) == ("refused", refused.reason)
    assert "missing required field `id`" in refused.reason
    assert refused.cause == first.delivery_id == delivery(UNREADABLE).originator_id
    assert wallet(ledger) == Totals(granted=50)


def test_a_test_event_does_nothing_to_a_live_ledger(
    new_bookkeeper: NewBookkeeper, inbox: Inbox, history: LogReader
) -> None:
    receive(inbox, PAID, EVENTS["invoice.paid"] | {"livemode": True})

    new_bookkeeper(livemode=True).run_until_idle()

    first, second = entries(history)
    assert (first.outcome, first.reason) == ("ignored", "a test event on a live ledger")
    assert second.outcome == "applied"
    assert not any("/test/" in e.originator_id for e in told(history) if isinstance(e, Paid))


def test_a_command_in_the_midst_of_a_batch_is_not_lost(
    new_bookkeeper: NewBookkeeper, inbox: Inbox, history: LogReader, ledger: Ledger
) -> None:
    bookkeeper = new_bookkeeper()
    receive(inbox, PAID)
    bookkeeper.run_until_idle()

    spend_credits(ledger, SCOPE, "ann", 30, "job-1", day(1))
    receive(inbox, event("charge.refunded", charge(amount_refunded=1000), 2))
    bookkeeper.run_until_idle()

    assert wallet(ledger) == Totals(granted=50, spent=30, revoked=50)
    assert wallet(ledger).shortfall == 30
    assert outcomes(history) == ["applied", "applied"]


class BusyLedger(Ledger):
    """Before each of its first appends somebody else spends a credit of the same wallet."""

    def __init__(self, url: str, other: Ledger, times: int) -> None:
        super().__init__(url, NAMES, pool_size=1)
        self.other, self.left = other, times

    def append(self, new: Sequence[DomainEventProtocol[str]], fence: Fence | None = None) -> None:
        if self.left:
            self.left -= 1
            spend_credits(self.other, SCOPE, "ann", 1, f"job-{self.left}", day(1))
        super().append(new, fence)


def test_a_busy_wallet_holds_up_nothing(
    new_bookkeeper: NewBookkeeper,
    inbox: Inbox,
    ledger: Ledger,
    database_url: str,
    history: LogReader,
) -> None:
    receive(inbox, PAID)
    new_bookkeeper().run_until_idle()
    refunds = [
        event("refund.created", refund(id=f"re_{number}", amount=100), number)
        for number in range(10)
    ]
    receive(inbox, *refunds)

    with BusyLedger(database_url, ledger, times=12) as busy:
        assert new_bookkeeper(ledger=busy).run_until_idle() == 10

    assert wallet(ledger) == Totals(granted=50, spent=12, revoked=50)
    assert outcomes(history) == ["applied"] * 11
