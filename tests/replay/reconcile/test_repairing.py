"""What a repair fetches, by which ids, and what stays of one that is stopped."""

from __future__ import annotations

import pytest

from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe.inventory import LISTINGS
from replay.reconcile.differences import Compared, Difference
from replay.reconcile.kinds import KINDS
from replay.reconcile.repairing import Repair
from replay.reconcile.wording import done_lines, stopped
from tests.ledger.providers.stripe.objects import customer
from tests.ledger.providers.stripe.payloads import delivery, event
from tests.replay.reconcile.given import (
    NOW,
    Books,
    Door,
    Events,
    Stripe,
    business,
    compared,
    repaired,
)

OTHERS = {("customers", f"cus_{n}"): {"name": "Other"} for n in range(3)}


def test_each_kind_is_asked_for_as_something_that_is_listed() -> None:
    assert {each.asked_as for each in KINDS.values()} - {"balance_transactions"} <= set(LISTINGS)
    assert {list_ for each in KINDS.values() for list_ in each.told_by} == set(LISTINGS)


def test_the_events_that_never_came_are_kept_the_oldest_first_and_the_object_is_not_asked() -> None:
    stripe, door = Stripe(business(3)), Door()
    newest, oldest = (
        delivery(event("customer.updated", customer(id="cus_0"), day, id=f"evt_{day}"))
        for day in (2, 1)
    )
    events = Events(newest, oldest, about="cus_0")

    repair = repaired(compared(stripe, Books(stripe, OTHERS), events), stripe, door, events)

    assert door.kept == [oldest, newest, *(each.delivery for each in stripe.has["customers"][1:])]
    assert (repair.done.events, repair.done.objects) == (2, 2)


def test_only_events_that_were_approved_are_kept() -> None:
    stripe, door = Stripe(business(1)), Door()
    late = delivery(event("customer.updated", customer(), id="evt_late"))
    found = Compared(differences=[Difference("events", "evt_told", "never_came")])

    Repair(Events(late), stripe, door).run(found, NOW)

    assert door.kept == []


def test_what_was_deleted_since_it_was_listed_stays_as_it_is() -> None:
    shop = business(3)
    found = compared(Stripe(shop), Books(Stripe(shop), OTHERS))
    without, door = Stripe({**shop, "customers": shop["customers"][1:]}), Door()

    repair = repaired(found, without, door)

    assert repair.done.gone == ["cus_0"]
    assert len(door.kept) == repair.done.objects == 2
    assert "cus_0 is not at Stripe: it stays as it is" in list(done_lines(repair.done))


def test_a_repair_that_is_stopped_keeps_what_came_and_goes_on_when_it_is_repeated() -> None:
    stripe, door = Stripe(business(3)), Door(shuts=2)
    found = compared(stripe, Books(stripe, OTHERS))
    repair = Repair(Events(), stripe, door)

    with pytest.raises(KeyboardInterrupt):
        repair.run(found, NOW)
    told = stopped(repair.done)
    door.shuts = 9
    again = repaired(found, stripe, door)

    assert "0 events and 2 objects were fetched and kept: they stay" in told
    assert again.done.objects == 1
    assert len(door.kept) == 3


def test_an_error_in_the_middle_ends_it_and_keeps_what_came() -> None:
    stripe, door = Stripe(business(3)), Door()
    stripe.fails_at = "cus_1"
    repair = Repair(Events(), stripe, door)

    with pytest.raises(ProviderUnavailable):
        repair.run(compared(stripe, Books(stripe, OTHERS)), NOW)

    assert (repair.done.objects, len(door.kept)) == (1, 1)
