"""What is told of a subscription that is come upon late, or goes back and forth."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from ledger.aggregates.customer import Identified
from ledger.aggregates.invoice_events import Attributed as InvoiceAttributed
from ledger.aggregates.invoice_events import Finalized, Paid
from ledger.aggregates.offering import Offer, Offered
from ledger.aggregates.subscription import (
    Attributed,
    Changed,
    Covered,
    Ended,
    Started,
    StatusChanged,
)
from ledger.observations import Period
from ledger.policy import Coverage
from ledger.snapshots import Newest, Snapshot
from tests.ledger.given import SCOPE, day, usd
from tests.ledger.mail.given import Life, body, mails
from tests.ledger.mail.test_sending import bought, details
from tests.ledger.mail.test_telling import INVOICE, SUBSCRIPTION, bill, newest, plan

LONG_AGO = day(-300)


def as_of(standing: Newest[Any], at: datetime, prior: Newest[Any] | None = None) -> Newest[Any]:
    """A report of a later second, which may say how it stood just before."""
    return Newest((Snapshot(standing.state, at, prior=prior.state if prior else None),))


def kinds(ids: list[str]) -> list[str]:
    return [each.partition(":")[0].removeprefix("mail.") for each in ids]


def test_one_that_runs_for_long_and_is_reported_first_now_is_no_news(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    old = plan(period=Period(day(-1), day(2)), started_at=LONG_AGO)

    assert kinds(life.happen(SUBSCRIPTION, Started(standing=old))) == ["subscription_started"]

    assert life.send("mail.subscription_started:sub_1") == "it is too long ago to be told"


def test_one_that_was_not_paid_for_long_and_runs_again_has_not_begun(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    life.happen(SUBSCRIPTION, Started(standing=plan("past_due", started_at=LONG_AGO)))

    life.happen(SUBSCRIPTION, StatusChanged(standing=plan(started_at=LONG_AGO)))

    assert life.send("mail.subscription_started:sub_1") == "it is too long ago to be told"


def test_one_whose_beginning_was_reported_begins_now_whatever_its_date_says() -> None:
    life = Life()
    born = Newest((Snapshot(plan("incomplete", started_at=LONG_AGO).state, day(0), born=True),))
    life.happen(SUBSCRIPTION, Started(standing=born))

    life.happen(SUBSCRIPTION, StatusChanged(standing=plan(started_at=LONG_AGO)))

    intent = life.intents["reaction/stripe/test//mail.subscription_started:sub_1"]
    assert intent.data["at"] == "2026-09-01T12:00:00Z"


def test_what_is_changed_or_cancelled_is_told_even_if_nothing_was_known_before() -> None:
    before = plan(started_at=LONG_AGO)
    changed = as_of(plan(plan_id="team", started_at=LONG_AGO), day(0), before)
    cancelled = as_of(plan(cancel_at=day(30), started_at=LONG_AGO), day(0), before)

    told = Life().happen(SUBSCRIPTION, Started(standing=changed))
    assert "subscription_changed" in kinds(told)
    told = Life().happen(SUBSCRIPTION, Started(standing=cancelled))
    assert "subscription_cancelled" in kinds(told)


def test_an_end_is_told_even_if_it_is_all_that_is_reported() -> None:
    ended = plan("canceled", ended_at=day(0), started_at=LONG_AGO)
    tried = plan("canceled", ended_at=day(0), started_at=day(-0.5))
    trial = plan("canceled", ended_at=day(0), started_at=day(-0.5), trial=Period(day(-1), day(9)))

    assert kinds(Life().happen(SUBSCRIPTION, Ended(standing=ended))) == ["subscription_ended"]
    assert kinds(Life().happen(SUBSCRIPTION, Ended(standing=trial))) == ["subscription_ended"]
    assert Life().happen(SUBSCRIPTION, Ended(standing=tried)) == [], "it may never have run"


def test_who_goes_back_and_forth_is_told_each_time_and_of_a_repeated_report_once() -> None:
    life = Life()
    life.happen(SUBSCRIPTION, Started(standing=plan()))
    there = Changed(standing=as_of(plan(plan_id="team"), day(1)))
    back = Changed(standing=as_of(plan(), day(2)))
    again = Changed(standing=as_of(plan(plan_id="team"), day(3)))

    assert kinds(life.happen(SUBSCRIPTION, there, back, again)) == ["subscription_changed"] * 3
    assert life.happen(SUBSCRIPTION, back, again) == []


def test_who_cancels_takes_it_back_and_cancels_again_is_told_twice() -> None:
    life = Life()
    life.happen(SUBSCRIPTION, Started(standing=plan()))

    def cancelled(at: datetime) -> Changed:
        return Changed(standing=plan(cancel_at=day(30), canceled_at=at))

    told = life.happen(SUBSCRIPTION, cancelled(day(1)), Changed(standing=plan()), cancelled(day(2)))

    assert kinds(told) == [
        *("subscription_cancelled", "subscription_changed", "subscription_cancelled")
    ]


@pytest.mark.parametrize(
    ("language", "subject", "said"),
    [
        ("en", "Your subscription to Pro at Learn goes on", "was taken back: it goes on."),
        ("de", "Ihr Abonnement „Pro“ bei Learn läuft weiter", "zurückgenommen: Es läuft weiter."),
    ],
)
def test_who_takes_a_cancellation_back_is_told_that_it_goes_on(
    tmp_path: Path, language: str, subject: str, said: str
) -> None:
    customer = details(locale=language), Identified(customer_id="ann")
    life = bought(*customer).into(tmp_path)
    life.happen(SCOPE.stream("plan", "pro"), Offered(offer=Offer("Pro")))
    life.happen(SUBSCRIPTION, Started(standing=plan()), owned())
    life.happen(SUBSCRIPTION, Changed(standing=plan(cancel_at=day(30))))
    [told] = life.happen(SUBSCRIPTION, Changed(standing=newest(plan().state, day(1))))

    assert life.send(told) is None

    [mail] = mails(tmp_path)
    assert " ".join(mail["Subject"].split()) == subject
    assert said in " ".join(body(mail).split())


def owned() -> Attributed:
    return Attributed(customer_id="ann", provider_customer_id="cus_1")


def test_a_renewal_is_of_what_is_subscribed_to_by_then(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    for key, name in (("pro", "Pro"), ("team", "Team")):
        life.happen(SCOPE.stream("plan", key), Offered(offer=Offer(name)))
    life.happen(SUBSCRIPTION, Started(standing=plan()), owned())
    life.happen(SUBSCRIPTION, Changed(standing=plan(plan_id="team", quantity=3)))
    life.turn(27)

    assert life.send("mail.will_renew:sub_1:20261001T120000") is None

    [mail] = mails(tmp_path)
    assert "to Team at Learn renews" in " ".join(mail["Subject"].split())
    assert "Subscription: Team\nQuantity: 3\n" in body(mail).replace("\r", "")


def test_who_cancels_while_a_bill_is_open_is_told_of_both(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    life.happen(SUBSCRIPTION, Started(standing=plan()), owned())
    life.happen(SUBSCRIPTION, StatusChanged(standing=plan("past_due")))
    [told] = life.happen(SUBSCRIPTION, Changed(standing=plan("past_due", cancel_at=day(30))))

    assert life.send(told) is None

    said = " ".join(body(mails(tmp_path)[0]).split())
    assert "It ends on 1 October 2026 at the latest" in said
    assert "A bill is past due" in said
    assert "You keep it" not in said


@pytest.mark.parametrize(("status", "keeps"), [("past_due", True), ("canceled", False)])
def test_who_lost_a_subscription_with_its_last_try_is_not_to_keep_it(
    tmp_path: Path, status: str, keeps: bool
) -> None:
    life = bought().into(tmp_path)
    life.happen(SUBSCRIPTION, Started(standing=plan()), StatusChanged(standing=plan(status)))
    whose = InvoiceAttributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(INVOICE, Finalized(standing=bill(1, subscription_id="sub_1")), whose)

    assert life.send("mail.payment_failed:in_1:1") is None

    said = " ".join(body(mails(tmp_path)[0]).split())
    assert "We will not try again by ourselves." in said
    assert ("so that you keep what you have" in said) == keeps


@pytest.mark.parametrize(("minor", "mail"), [(0, "trial_ending"), (900, "will_renew")])
def test_time_that_was_paid_for_is_a_trial_to_nobody(tmp_path: Path, minor: int, mail: str) -> None:
    life, month = bought().into(tmp_path), Period(day(0), day(30))
    free = plan("trialing", trial=month, started_at=day(-30))
    life.happen(SUBSCRIPTION, Started(standing=free), owned())
    paid = replace(bill(0, "paid").state, total=usd(minor), paid=usd(minor), covers=month)
    life.happen(INVOICE, Paid(standing=newest(paid)))
    covered = Covered(
        invoice_id="in_1", coverage=Coverage(day(0), day(0), day(30)), paid_until=day(30)
    )
    life.happen(SUBSCRIPTION, covered)
    life.turn(27)

    for each in ("trial_ending", "will_renew"):
        life.send(f"mail.{each}:sub_1:20261001T120000")

    assert [each["X-Billing-Mail"] for each in mails(tmp_path)] == [mail]
