"""The way of a bill that is not paid: what is told of it whatever becomes of it."""

from __future__ import annotations

import pytest

from ledger.aggregates.dunning import Downgraded, Dropped, HeldPlan, Lapsed, Restored
from ledger.aggregates.invoice_events import MarkedUncollectible, Paid, PaymentFailed, Voided
from ledger.observations import InvoiceStatus, Period
from ledger.reactions.effects import EffectFailed, Task, World
from ledger.settings.dunning import Dunning as Ending
from tests.ledger.given import day
from tests.replay.explain.books import PRO, at, bill, kept, kinds, says, stands

NEVER_PAID = Lapsed(invoice_id="in_1", held=PRO)
HAS_STARTER = Downgraded(invoice_id="in_1", subscription_id="sub_1")


def refuses(task: Task, world: World) -> str | None:
    raise EffectFailed("the provider refused: nothing of the kind", passing=False)


def rests(task: Task, world: World) -> str | None:
    raise EffectFailed("the provider is out of reach")


def finds_it_paid(task: Task, world: World) -> str | None:
    return "the newest bill is paid"


def test_each_try_is_told_once_however_often_it_was_reported(database_url: str) -> None:
    with kept(database_url) as books:
        told = books.explained(3)

    assert kinds(told) == ["terms", "failed", "grace", "failed", "next", "next"]
    assert at(told, "failed") == [day(0.1), day(2)]
    assert [each.until for each in told if each.kind == "failed"] == [day(2), day(9)]
    assert says(told, "failed")[0] == (
        "try 1 to collect invoice in_1 over 29.00 USD failed; the next is at 2026-09-03 12:00:00"
    )
    events = [each.event for each in told if each.kind in ("failed", "grace")]
    assert [each.kind for each in events if each] == [
        "Invoice.PaymentFailed", "Subscription.Entitled", "Invoice.PaymentFailed",
    ]  # fmt: skip


def test_what_comes_next_is_the_day_that_was_recorded_and_before_that_the_policys(
    database_url: str,
) -> None:
    with kept(database_url) as books:
        before = books.explained(3), books.explained(3, Ending(own_days=9))
        books.reacts(3)
        after = books.explained(3, Ending(own_days=9))

    assert [each[-2].until for each in before] == [day(5.1), day(9.1)]
    assert after[-2].until == day(5.1)
    assert after[-2].says == "unless it is paid, the starter plan from 2026-09-06 14:24:00"
    assert after[-1].says == "Stripe tries again at 2026-09-10 12:00:00"


@pytest.mark.parametrize(
    ("ending", "expected"),
    [
        (None, "unless it is paid, access ends at 2026-09-08 12:00:00"),
        (Ending(), "unless it is paid, the starter plan an hour after Stripe's last try"),
    ],
)
def test_what_comes_next_without_days_of_our_own(
    database_url: str, ending: Ending | None, expected: str
) -> None:
    with kept(database_url) as books:
        assert says(books.explained(3, ending), "next")[0] == expected


def test_who_looks_after_the_day_is_told_where_to_look(database_url: str) -> None:
    with kept(database_url) as books:
        told = books.explained(6)

    assert says(told, "next")[0] == (
        "the starter plan is due since 2026-09-06 14:24:00: see `billing reactions`"
    )


def test_what_keeps_the_plan_from_ending_is_told_with_its_time(database_url: str) -> None:
    with kept(database_url, refuses) as books:
        books.reacts(3)
        books.reacts(6)
        told = books.explained(6)

    [hitch] = [each for each in told if each.kind == "hitch"]
    assert hitch.at == day(6)
    assert "nothing of the kind" in hitch.says
    assert hitch.event is not None
    assert hitch.event.log == "reactions"
    assert says(told, "next")[0] == ("what is parked waits for a person: see `billing reactions`")


def test_what_is_tried_again_tells_when(database_url: str) -> None:
    with kept(database_url, rests) as books:
        books.reacts(3)
        books.reacts(6)
        told = books.explained(6)

    assert "out of reach" in says(told, "hitch")[0]
    due = next(each for each in told if each.kind == "next").until
    assert due is not None
    assert due > day(6)


def test_why_nothing_was_done_is_told_though_it_is_in_no_book(database_url: str) -> None:
    with kept(database_url, finds_it_paid) as books:
        books.reacts(3)
        books.reacts(6)
        told = books.explained(6)
        books.happens("invoice", "in_1", 9, stands(PaymentFailed, bill("open", 3), 9))
        books.reacts(10)
        in_the_end = books.explained(10)

    assert says(told, "dropped")[0].endswith("the newest bill is paid")
    assert says(told, "next")[0].endswith("the starter plan an hour after Stripe's last try")
    assert says(in_the_end, "next") == ["nothing by itself: what was to be done about it is done"]


def test_on_the_starter_plan_it_tells_since_when_and_what_a_payment_brings(
    database_url: str,
) -> None:
    with kept(database_url) as books:
        books.dunned(5.1, NEVER_PAID, HAS_STARTER)
        told, late = books.explained(6), books.explained(31)

    assert kinds(told)[4:6] == ["ended", "starter"]
    assert at(told, "starter") == [day(5.1)]
    assert says(told, "next")[0] == (
        "once it is paid, pro is back, and paid until 2026-10-01 12:00:00"
    )
    assert says(late, "next") == [
        "being paid now it brings nothing back: pro has to be chosen again"
    ]


def test_what_was_given_back_is_deducted_when_the_plan_is_back(database_url: str) -> None:
    prorated = HeldPlan("pro", "sub_1", "price_pro", 1, prorated=True)
    with kept(database_url) as books:
        books.dunned(5.1, Lapsed(invoice_id="in_1", held=prorated), HAS_STARTER)
        told = books.explained(31)

    assert says(told, "ended")[0].endswith("what was paid of it and not used is given back")
    assert says(told, "next") == [
        "once it is paid, pro is back in a new period, from which what was given back is deducted"
    ]


def test_a_second_bill_has_its_own_way_and_brings_the_same_plan_back(database_url: str) -> None:
    with kept(database_url) as books:
        books.dunned(5.1, NEVER_PAID, HAS_STARTER)
        books.fails("in_2", Period(day(30), day(60)))
        told = books.explained(31)

    assert kinds(told).count("failed") == 4
    assert kinds(told).count("terms") == 1
    assert says(told, "next")[-1] == (
        "once it is paid, pro is back, and paid until 2026-10-31 12:00:00"
    )


@pytest.mark.parametrize(("kind", "status"), [(Paid, "paid"), (Voided, "void")])
def test_a_bill_that_is_done_with_has_nothing_to_come(
    database_url: str, kind: type[Paid | Voided], status: InvoiceStatus
) -> None:
    with kept(database_url) as books:
        books.happens("invoice", "in_1", 4, stands(kind, bill(status, 2), 4))
        told = books.explained(5)

    assert kinds(told) == ["terms", "failed", "grace", "failed", "settled"]
    assert at(told, "settled") == [day(4)]


def test_the_return_is_told_and_why_there_was_none(database_url: str) -> None:
    back = Restored(invoice_id="in_1", subscription_id="sub_1", plan_id="pro")
    none = Dropped(invoice_id="in_1", because="another plan was chosen since")
    with kept(database_url) as books:
        books.dunned(5.1, NEVER_PAID, HAS_STARTER)
        books.happens("invoice", "in_1", 8, stands(Paid, bill("paid", 3), 8))
        books.dunned(8.1, back)
        returned = books.explained(9)
        books.dunned(8.2, NEVER_PAID, none)
        dropped = books.explained(9)

    assert kinds(returned)[-2:] == ["settled", "restored"]
    assert dropped[-1].says.endswith("another plan was chosen since")


def test_what_is_given_up_may_still_be_paid(database_url: str) -> None:
    with kept(database_url) as books:
        books.dunned(5.1, NEVER_PAID, HAS_STARTER)
        given_up = bill("uncollectible", 2)
        books.happens("invoice", "in_1", 8, stands(MarkedUncollectible, given_up, 8))
        told = books.explained(9)

    assert kinds(told)[-2:] == ["settled", "next"]
    assert says(told, "next")[0].startswith("once it is paid, pro is back")


def test_a_bill_that_never_failed_has_no_story(database_url: str) -> None:
    with kept(database_url) as books:
        books.happens("invoice", "in_9", 0, stands(Paid, bill("paid", 1), 0))
        told = books.explained(3)

    assert not [each for each in told if "in_9" in each.says]
