"""A subscription tells its story in named events, and gives access for the time that is paid."""

from itertools import permutations
from typing import Any

import pytest

from ledger.aggregates.subscription import (
    Attributed,
    Changed,
    Covered,
    Ended,
    Entitled,
    NextBillAnnounced,
    Started,
    StatusChanged,
    Subscription,
)
from ledger.effects import Access
from ledger.event import Event
from ledger.money import Money
from ledger.observations import Payer, Period, Plan, SubscriptionObserved
from ledger.policy import Coverage, Policy, TakenBack
from ledger.snapshots import Newest, Snapshot
from ledger.upcoming import NextBill
from tests.ledger.given import START, day, given, usd, why

PRO = ("plan:pro",)
MONTH = Coverage(day(0), day(0), day(30))


def plan(status: str = "active", **changes: Any) -> Plan:
    return Plan(status, Payer(None, "cus_1"), START, **{"features": PRO, **changes})


def standing(it: Plan, on: float = 0) -> Newest[Plan]:
    return Newest((Snapshot(it, day(on)),))


def seen(it: Plan, on: float) -> SubscriptionObserved:
    return SubscriptionObserved("sub_1", Snapshot(it, day(on)))


STARTED = Started(standing=standing(plan()))
ENDED = Ended(standing=standing(plan("canceled"), 5))
ANNS = Attributed(customer_id="ann", provider_customer_id="cus_1")
COVERED = Covered(invoice_id="in_1", coverage=MONTH, paid_until=day(30))
ACCESS = Access("ann", PRO, day(0), day(30), day(37))
ENTITLED = Entitled(access=ACCESS)


@pytest.mark.parametrize(
    ("history", "after", "event"),
    [
        ((), plan("incomplete"), Started),
        ((), plan("canceled"), Ended),
        ((STARTED,), plan("past_due"), StatusChanged),
        ((STARTED,), plan(quantity=2), Changed),
        ((STARTED,), plan("canceled"), Ended),
        ((STARTED,), plan("incomplete_expired"), Ended),
        ((ENDED,), plan("canceled", ended_at=day(5)), Ended),
    ],
)
def test_the_event_names_what_is_new(
    history: tuple[Event, ...], after: Plan, event: type[Started]
) -> None:
    given(Subscription, "sub_1", *history).when(lambda it: it.observe(seen(after, 6), why())).then(
        event(standing=standing(after, 6))
    )


def test_what_is_over_stays_over() -> None:
    given(Subscription, "sub_1", ENDED).when(lambda it: it.observe(seen(plan(), 9), why())).then()


def test_the_end_counts_even_when_it_is_older_than_what_is_known() -> None:
    later = Started(standing=standing(plan(quantity=2), 9))
    over = plan("canceled")

    given(Subscription, "sub_1", later).when(lambda it: it.observe(seen(over, 5), why())).then(
        Ended(standing=standing(over, 5))
    )


def test_an_older_report_says_nothing_new() -> None:
    known = Started(standing=standing(plan(), 5))

    given(Subscription, "sub_1", known).when(
        lambda it: it.observe(seen(plan("x"), 1), why())
    ).then()


def test_a_paid_invoice_covers_it_once() -> None:
    subscription = given(Subscription, "sub_1", STARTED)

    subscription.when(lambda it: it.cover("in_1", MONTH, why())).then(COVERED)
    subscription.when(lambda it: it.cover("in_1", MONTH, why())).then()


def test_an_invoice_that_is_not_paid_any_more_covers_nothing() -> None:
    subscription = given(Subscription, "sub_1", STARTED, COVERED)

    subscription.when(lambda it: it.cover("in_1", None, why())).then(
        Covered(invoice_id="in_1", coverage=None, paid_until=None)
    )
    subscription.when(lambda it: it.cover("in_1", None, why())).then()
    assert subscription.aggregate.coverage == {}


def test_a_refunded_invoice_leaves_the_time_of_the_others() -> None:
    taken = Coverage(day(30), day(30), day(60), TakenBack(day(31), "refunded"))

    given(Subscription, "sub_1", STARTED, COVERED).when(
        lambda it: it.cover("in_2", taken, why())
    ).then(Covered(invoice_id="in_2", coverage=taken, paid_until=day(30)))


def test_access_is_recorded_when_it_differs() -> None:
    subscription = given(Subscription, "sub_1", STARTED, COVERED, ANNS)

    subscription.when(lambda it: it.resolve(Policy(), why())).then(ENTITLED)
    subscription.when(lambda it: it.resolve(Policy(), why())).then()


def test_a_change_of_plan_drops_the_old_features() -> None:
    team = Changed(standing=standing(plan(features=("plan:team",)), 3))
    history = (STARTED, COVERED, ANNS, ENTITLED, team)

    given(Subscription, "sub_1", *history).when(lambda it: it.resolve(Policy(), why())).then(
        Entitled(access=Access("ann", ("plan:team",), day(0), day(30), day(37)), dropped=PRO)
    )


@pytest.mark.parametrize("history", [(), (STARTED,), (STARTED, ANNS), (COVERED, ANNS)])
def test_no_access_without_plan_payment_and_owner(history: tuple[Event, ...]) -> None:
    given(Subscription, "sub_1", *history).when(lambda it: it.resolve(Policy(), why())).then()


def bill(minor: int = 900, ends_at: float = 30) -> NextBill:
    return NextBill(day(ends_at), usd(minor))


def announced(*bills: NextBill, on: float = 20) -> NextBillAnnounced:
    newest = Newest((Snapshot(bills[0], day(on)),))
    for each in bills[1:]:
        newest = newest.with_(Snapshot(each, day(on)))
    return NextBillAnnounced(announced=newest)


MONTHLY = plan(period=Period(day(0), day(30)))
RUNS = Started(standing=standing(MONTHLY))
TRIED = Started(standing=standing(plan("trialing", trial=Period(day(0), day(7)))))
REPRICED = Changed(standing=Newest((Snapshot(MONTHLY, day(21), prior=MONTHLY),)))


def test_what_will_be_billed_is_taken_over_once_and_the_newest_counts() -> None:
    subscription = given(Subscription, "sub_1", RUNS)

    def told(minor: int, on: float, *events: Event) -> None:
        news = Snapshot(bill(minor), day(on))
        subscription.when(lambda it: it.announce(news, why())).then(*events)

    told(900, 20, announced(bill()))
    told(900, 20)
    told(800, 19)
    assert subscription.aggregate.next_due == usd(900)


def test_the_newest_change_is_known_in_whatever_order_it_is_told() -> None:
    told = [
        SubscriptionObserved("sub_1", Snapshot(MONTHLY, day(0), born=True)),
        SubscriptionObserved("sub_1", Snapshot(MONTHLY, day(3), prior=MONTHLY)),
        SubscriptionObserved("sub_1", Snapshot(MONTHLY, day(11))),
        SubscriptionObserved("sub_1", Snapshot(plan("canceled"), day(12))),
    ]
    for order in permutations(told):
        subscription = Subscription("sub_1")
        for each in order:
            subscription.observe(each, why())
        assert subscription.changed_at == day(3)


@pytest.mark.parametrize(
    ("history", "due"),
    [
        ((RUNS,), None),
        ((announced(bill()),), None),
        ((RUNS, announced(bill())), usd(900)),
        ((announced(bill()), RUNS), usd(900)),
        ((RUNS, announced(bill(ends_at=60))), None),
        ((RUNS, announced(bill(), bill(800))), None),
        ((RUNS, announced(bill()), Changed(standing=standing(MONTHLY, 21))), usd(900)),
        ((RUNS, announced(bill()), REPRICED), None),
        ((RUNS, REPRICED, announced(bill(), on=22)), usd(900)),
        ((TRIED, announced(bill(ends_at=7), on=4)), usd(900)),
        ((TRIED, announced(bill(), on=4)), None),
    ],
    ids=[
        *("nothing announced", "not reported", "announced", "announced first", "another period"),
        *("two amounts at once", "seen again as it was", "changed since", "changed before"),
        *("a trial", "another time than the trial's end"),
    ],
)
def test_what_is_due_next_is_known_or_not_said(
    history: tuple[Event, ...], due: Money | None
) -> None:
    assert given(Subscription, "sub_1", *history).aggregate.next_due == due
