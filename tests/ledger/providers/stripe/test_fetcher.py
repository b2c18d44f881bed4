"""Behind each thin event its snapshot is fetched, counts once, and holds up nobody."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from datetime import timedelta

import pytest
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import OperationalError

from ledger.application import Ledger
from ledger.providers.problems import ProviderKeyRefused, ProviderProblem, ProviderUnavailable
from ledger.providers.stripe import fetcher as fetching
from ledger.providers.stripe.fetched import FETCHED_FROM
from ledger.providers.stripe.observer import THIN
from ledger.providers.stripe.snapshots import Snapshots
from ledger.store.errors import PositionMoved
from ledger.store.positions import Fence
from tests.ledger.given import day
from tests.ledger.providers.stripe.following import NAMES, NEVER, Following
from tests.ledger.providers.stripe.objects import Json, payment_intent
from tests.ledger.providers.stripe.payloads import delivery, event
from tests.ledger.providers.stripe.stand_in import stand_in
from web.sandbox.api import notification as thin


def pack(id_: str) -> Json:
    """Somebody pays for 50 credits of Ann's."""
    metadata = {"user_id": "ann", "credits": "50"}
    paid = payment_intent(id=id_, object="payment_intent", amount_received=1000, metadata=metadata)
    return event("payment_intent.succeeded", paid)


PAID, AGAIN = pack("pi_1"), pack("pi_2")
THEIRS = pack("pi_3") | {"account": "acct_9"}
UNPAID = event("customer.subscription.unpaid", {"id": "sub_1", "object": "subscription"})


@pytest.fixture
def world(database_url: str) -> Iterator[Following]:
    with ExitStack() as stack:
        stripe = stack.enter_context(stand_in([PAID, AGAIN, THEIRS, UNPAID]))
        yield Following(database_url, stripe, stack)


def test_the_snapshot_behind_a_thin_event_becomes_a_delivery(world: Following) -> None:
    world.receive(thin(PAID))
    world.keep_books()
    assert world.reason(thin(PAID)) == THIN

    world.fetch()
    world.keep_books()

    _, snapshot = world.kept()
    assert snapshot.envelope == delivery(PAID).envelope
    assert snapshot.headers == {FETCHED_FROM: f"/v1/events/{PAID['id']}"}
    assert world.said()[snapshot.originator_id].outcome == "applied"
    assert world.reason(thin(PAID)) == f"a thin event: its snapshot is {PAID['id']}"
    assert world.granted() == 50


def test_nothing_is_fetched_before_the_bookkeeper_has_been_there(world: Following) -> None:
    world.receive(thin(PAID))

    world.fetch()

    assert world.stripe.asked == []


@pytest.mark.parametrize("first", ["thin", "snapshot"])
@pytest.mark.parametrize("told", [PAID, THEIRS], ids=["our account", "a connected account"])
def test_a_thin_event_and_its_twin_count_once_in_either_order(
    first: str, told: Json, world: Following
) -> None:
    news = []
    for each in [thin(told), told] if first == "thin" else [told, thin(told)]:
        news += world.receive(each)
        world.keep_books()
        world.fetch()
    world.keep_books()

    assert news == [True, first == "snapshot"]
    assert len(world.kept()) == len(world.said()) == 2
    assert {each.envelope.account for each in world.kept()} == {told.get("account", "")}
    assert len(world.stripe.asked) == (2 if first == "thin" else 1)
    calls = world.stripe.failures.calls
    assert {each.headers.get("Stripe-Context") for each in calls} == {told.get("account")}


def test_a_type_without_a_snapshot_says_so(world: Following) -> None:
    world.receive(thin(UNPAID))
    world.keep_books()

    world.fetch()

    reason = "a thin event, and v1.customer.subscription.unpaid has no snapshot"
    assert world.reason(thin(UNPAID)) == reason


def test_what_stripe_keeps_no_longer_is_said_and_the_next_one_is_fetched(world: Following) -> None:
    old = PAID | {"id": "evt_old", "created": int((day(0) - timedelta(days=31)).timestamp())}
    world.receive(thin(old), thin(PAID))
    world.keep_books()

    world.fetch()

    assert "snapshot cannot be had: Stripe has no such thing" in world.reason(thin(old))
    assert PAID["id"] in world.reason(thin(PAID))


def test_an_account_that_left_us_holds_up_no_other(world: Following) -> None:
    world.receive(thin(THEIRS), thin(PAID))
    world.keep_books()
    world.stripe.failures.soon.append(403)

    world.fetch()

    assert "no access to this account" in world.reason(thin(THEIRS))
    assert PAID["id"] in world.reason(thin(PAID))


FAILURES = [(401, ProviderKeyRefused), (403, ProviderKeyRefused), (503, ProviderUnavailable)]


@pytest.mark.parametrize(("status", "problem"), FAILURES)
@pytest.mark.parametrize("calls", [0, 1, 2, 3])
def test_a_failure_that_may_pass_is_tried_again_from_where_it_was(
    calls: int, status: int, problem: type[ProviderProblem], world: Following
) -> None:
    world.receive(thin(PAID), thin(AGAIN))
    world.keep_books()
    world.stripe.failures.soon.extend([*[None] * calls, status])

    with pytest.raises(problem):
        world.fetch()
    world.fetch()
    world.keep_books()

    assert world.granted() == 100
    assert len(world.stripe.asked) == 4 + 1 + calls % 2


def test_a_worker_waits_for_stripe_and_goes_on(
    world: Following, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(fetching, "FIRST_PAUSE_SECONDS", 0.01)
    world.receive(thin(PAID))
    world.keep_books()
    world.stripe.failures.soon.extend([500, 429, 401, None, 503])
    stop = threading.Event()
    worker = threading.Thread(target=world.fetcher().run, args=(stop,))

    worker.start()
    while len(world.kept()) < 2:
        assert worker.is_alive()
    stop.set()
    worker.join()

    assert caplog.text.count("the fetcher tries again in") == 4


def test_a_worker_that_has_to_stop_begins_nothing(world: Following) -> None:
    world.receive(thin(PAID))
    world.keep_books()
    stop = threading.Event()
    stop.set()

    assert world.fetcher().work_batch(stop) == 0
    assert world.stripe.asked == []


def test_thin_events_of_the_other_mode_are_left_alone(world: Following) -> None:
    world.receive(thin(PAID))
    world.keep_books(livemode=True)

    world.fetch(livemode=True)

    assert world.stripe.asked == []
    assert world.reason(thin(PAID)) == "a test event on a live ledger"


def test_other_deliveries_are_passed_over_once(world: Following) -> None:
    world.receive(PAID, thin(PAID), AGAIN)
    world.keep_books()
    fetcher = world.fetcher()

    seen = fetcher.work_batch(NEVER)

    assert (seen, world.history.position(Snapshots.position)) == (3, 3)
    assert fetcher.work_batch(NEVER) == 0


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
def test_a_fetcher_that_dies_after_it_fetched_doubles_nothing(
    stored: bool, world: Following
) -> None:
    world.receive(thin(PAID))
    world.keep_books()
    with pytest.raises(OperationalError):
        world.fetcher(ledger=DyingLedger(world.url, stored)).run_until_idle()

    world.fetch()
    world.keep_books()

    assert len(world.kept()) == 2
    assert world.granted() == 50


def test_of_two_fetchers_the_second_stops(world: Following) -> None:
    first, second = world.fetcher(), world.fetcher()
    second.run_until_idle()
    assert second.work_batch(NEVER) == 0  # it has seen where it stands
    world.receive(thin(PAID))
    world.keep_books()
    first.run_until_idle()

    with pytest.raises(PositionMoved):
        second.run_until_idle()

    assert len(world.kept()) == 2
