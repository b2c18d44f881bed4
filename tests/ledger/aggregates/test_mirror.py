"""A mirrored object is as its newest report says, with what only grows beside it."""

from itertools import permutations

from ledger import mirrors
from ledger.aggregates.mirror import Facts
from ledger.aggregates.mirrors import (
    ApplicationFee,
    CreditGrant,
    CreditGrantReported,
    Payout,
    PayoutReported,
)
from ledger.mirrors import Part
from ledger.observations import MirrorObserved
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import START, day, given, usd, why

PENDING = mirrors.Payout(status="pending", amount=usd(5000), created=START)
PAID = mirrors.Payout(status="paid", amount=usd(5000), created=START)
OF_ANN = mirrors.CreditGrant(amount=usd(1), created=START, provider_customer_id="cus_1")


def nobody(key: str) -> str | None:
    raise AssertionError("no customer is named")


def seen(state: mirrors.Payout, on: float, since: str | None = None) -> MirrorObserved:
    return MirrorObserved("payout", "po_1", Snapshot(state, day(on)), since)


def refund(id_: str, minor: int) -> MirrorObserved:
    return MirrorObserved("application_fee", "fee_1", part=Part("refund", id_, usd(minor)))


def test_a_report_is_one_event_with_all_there_is_to_know() -> None:
    told = seen(PAID, 2, "paid")

    given(Payout, "po_1").when(lambda it: it.observe(told, nobody, why(day(2)))).then(
        PayoutReported(standing=Newest((Snapshot(PAID, day(2)),)), since={"paid": day(2)})
    )


def test_an_older_report_and_a_copy_say_nothing_new() -> None:
    payout = given(Payout, "po_1").when(lambda it: it.observe(seen(PAID, 2), nobody, why(day(2))))
    payout.aggregate.collect_events()

    payout.when(lambda it: it.observe(seen(PENDING, 1), nobody, why(day(1)))).then()
    payout.when(lambda it: it.observe(seen(PAID, 2), nobody, why(day(2)))).then()


def test_what_has_come_to_pass_is_dated_from_its_earliest_report() -> None:
    for order in permutations((2, 5, 9)):
        payout = given(Payout, "po_1").aggregate
        for on in order:
            payout.observe(seen(PAID, on, "paid"), nobody, why(day(on)))
        assert payout.facts.since == {"paid": day(2)}


def test_parts_add_up_by_their_ids_and_only_grow() -> None:
    reports = (refund("fr_1", 40), refund("fr_2", 20), refund("fr_1", 30))
    for order in permutations(reports):
        fee = given(ApplicationFee, "fee_1").aggregate
        for told in order:
            fee.observe(told, nobody, why())
        assert fee.facts.sums == {"refund": 60}


def test_whose_it_is_is_recorded_when_it_changes() -> None:
    grant = MirrorObserved("credit_grant", "credgr_1", Snapshot(OF_ANN, day(0)))
    facts = Facts().with_(grant, day(0))
    assert facts.provider_customer_id == "cus_1"

    held = given(CreditGrant, "credgr_1").when(lambda it: it.observe(grant, str.upper, why()))
    held.then(CreditGrantReported(standing=facts.standing, customer_id="CUS_1"))
    held.when(lambda it: it.settle(str.upper, why())).then()
    held.when(lambda it: it.settle(lambda _: "ann", why())).then(
        CreditGrantReported(standing=facts.standing, customer_id="ann")
    )
