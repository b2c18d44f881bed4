"""A mail names what was bought as it was sold, whatever it was bought as."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from ledger.aggregates.dunning import HeldPlan, Lapsed
from ledger.aggregates.invoice_events import Finalized
from ledger.aggregates.invoice_events import Paid as Settled
from ledger.aggregates.offering import Offer, Offered
from ledger.aggregates.purchase_events import Described, InvoiceSettled, Paid, RefundTotalReported
from ledger.aggregates.subscription import Attributed, Changed, Started, StatusChanged
from ledger.event import Event
from ledger.mail.goods import with_goods
from ledger.mail.letter import Letter
from ledger.observations import Payer, Terms
from tests.ledger.given import SCOPE, START, day, usd
from tests.ledger.mail.given import Life, body, mails
from tests.ledger.mail.test_sending import bought
from tests.ledger.mail.test_telling import INVOICE, PURCHASE, SUBSCRIPTION, bill, newest, plan

HELD = HeldPlan("pro", "sub_1", "price_1", 1)


def offered(category: str, key: str, name: str) -> tuple[str, Event]:
    return SCOPE.stream(category, key), Offered(offer=Offer(name))


def described(**terms: object) -> Described:
    said = Terms(START, Payer(None, "cus_1"), **terms)  # type: ignore[arg-type]  # as each test says
    return Described(source="intent", standing=newest(said), terms=said, ours=True)


def item(life: Life, about: str) -> object:
    words = with_goods(life.world, Letter(about, START)).words
    return words.get("item") or words.get("item_credits") or words.get("item_account")


@pytest.mark.parametrize(
    ("terms", "named"),
    [
        ({"features": ("learning_path:7",), "description": "x"}, "Chess openings"),
        ({"features": ("group:9", "learning_path:7")}, "Evening club, Chess openings"),
        ({"features": ("learning_path:8",), "description": "An  older\npath"}, "An older path"),
        ({"description": "x" * 201}, None),
        ({"credits": 50}, 50),
        ({"account_payment": "ap_1"}, 1),
        ({}, None),
    ],
)
def test_a_payment_is_for_what_was_sold(terms: dict[str, object], named: object) -> None:
    life = Life()
    life.happen(*offered("learning_path", "7", "Chess openings"))
    life.happen(*offered("group", "9", "Evening club"))
    life.happen(PURCHASE, described(**terms))

    assert item(life, PURCHASE) == named


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"plan_id": "pro"}, "Pro"),
        ({"plan_id": None, "features": ("group:9",)}, "Evening club"),
        ({"plan_id": None}, None),
    ],
)
def test_a_subscription_its_bill_and_its_payment_are_for_the_same(
    changes: dict[str, object], named: str | None
) -> None:
    life = Life()
    life.happen(*offered("plan", "pro", "Pro"))
    life.happen(*offered("group", "9", "Evening club"))
    life.happen(SUBSCRIPTION, Started(standing=plan(**changes)))  # type: ignore[arg-type]  # as above
    life.happen(INVOICE, Finalized(standing=bill(subscription_id="sub_1")))
    life.happen(PURCHASE, InvoiceSettled(invoice_id="in_1", invoice_ids=("in_1",)))

    assert [item(life, each) for each in (SUBSCRIPTION, INVOICE, PURCHASE)] == [named] * 3


def test_what_the_letter_says_itself_stands() -> None:
    life = Life()
    life.happen(*offered("plan", "pro", "Pro"))
    life.happen(*offered("plan", "team", "Team"))
    life.happen(SUBSCRIPTION, Started(standing=plan(plan_id="pro")))
    then = Letter(SUBSCRIPTION, START, words={"plan": "team", "quantity": 1})

    assert with_goods(life.world, then).words["item"] == "Team"
    unknown = Letter(SUBSCRIPTION, START, words={"plan": "gone", "quantity": 1})
    assert with_goods(life.world, unknown).words["item"] == "gone"


def test_who_falls_back_to_another_plan_over_an_open_bill_is_told_so(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    whose = Attributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(*offered("plan", "starter", "Starter"))
    life.happen(SUBSCRIPTION, Started(standing=plan()), whose)
    life.happen(SUBSCRIPTION, StatusChanged(standing=plan("past_due")))

    fallen = Changed(standing=plan("past_due", plan_id="starter"))
    [told] = life.happen(SUBSCRIPTION, fallen)

    assert life.send(told) is None
    text = body(mails(tmp_path)[0])
    assert "You have Starter now." in text
    assert "past due" in text


def test_who_falls_back_while_the_provider_says_all_is_well_is_told_of_the_bill(
    tmp_path: Path,
) -> None:
    life = bought().into(tmp_path)
    whose = Attributed(customer_id="ann", provider_customer_id="cus_1")
    life.happen(SUBSCRIPTION, Started(standing=plan()), whose)
    life.happen(INVOICE, Finalized(standing=bill(1, subscription_id="sub_1")))
    life.happen(SCOPE.stream("dunning", "ann"), Lapsed(invoice_id="in_1", held=HELD))
    [told] = life.happen(SUBSCRIPTION, Changed(standing=plan(plan_id="starter")))

    assert life.send(told) is None
    [before] = map(body, mails(tmp_path))
    life.happen(INVOICE, Settled(standing=bill(1, "paid", subscription_id="sub_1")))
    [told] = life.happen(SUBSCRIPTION, Changed(standing=plan(plan_id="team")))
    assert life.send(told) is None

    [after] = [text for text in map(body, mails(tmp_path)) if text != before]
    assert "A bill is past due" in before
    assert "past due" not in after


@pytest.mark.parametrize(
    ("paid_at", "named"),
    [(None, "Pro"), (day(36), "Pro"), (day(30.5), "Team")],
    ids=["open", "paid after another plan was chosen", "a change that waited to be paid"],
)
def test_a_bill_is_for_the_plan_that_was_billed(paid_at: datetime | None, named: str) -> None:
    life = Life()
    life.happen(*offered("plan", "pro", "Pro"))
    life.happen(*offered("plan", "team", "Team"))
    life.happen(SUBSCRIPTION, Started(standing=plan()))
    since = newest(plan(plan_id="team").state, day(30.5))
    life.happen(SUBSCRIPTION, Changed(standing=since))
    sent = replace(bill(1).state, subscription_id="sub_1", finalized_at=day(30), paid_at=paid_at)
    life.happen(INVOICE, Finalized(standing=newest(sent)))
    life.happen(PURCHASE, InvoiceSettled(invoice_id="in_1", invoice_ids=("in_1",)))

    assert [item(life, each) for each in (INVOICE, PURCHASE)] == [named] * 2
    assert item(life, SUBSCRIPTION) == "Team"


def test_a_refund_names_the_payment_it_is_of(tmp_path: Path) -> None:
    life = bought().into(tmp_path)
    paid = Paid(source="intent", reported=usd(4900), received=usd(4900), paid_at=START)
    life.happen(*offered("learning_path", "7", "Chess openings"))
    life.happen(PURCHASE, described(features=("learning_path:7",)), paid)
    life.happen(PURCHASE, RefundTotalReported(total=usd(900), at=START, refunded_minor=900))

    assert life.send("mail.refund:pi_1:900") is None

    text = body(mails(tmp_path)[0])
    assert "We sent $9.00 back to you for Chess openings." in text
    assert "Your payment: $49.00" in text
    assert "Paid on: 1 September 2026" in text
