"""Whole lives, told late, in another order, twice or by an older API: the same mails, each once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from functools import cache
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.aggregates.purchase_events import RefundReported
from ledger.delivery import Delivery
from ledger.money import Money
from projections.paid_invoices import PaidInvoice
from projections.purchase_row import Purchase
from tests.ledger.reactions.lives import Arrival, Lives, lived
from tests.simulation.in_memory import RULES, START, deliveries
from tests.simulation.retold import under_other_ids
from web.sandbox.render.versions import VERSIONS
from web.sandbox.year import Year, simulate

CUSTOMERS = 53  # more than there are stories, so that each is lived
LATE_SECONDS = (1, 5, 60, 600, 1800)
OVERTAKEN = ("mail.subscription_cancelled", "mail.subscription_changed", "mail.payment_failed")
"""What is not told where the next report, which says that it is over already, came first."""
NEWEST = VERSIONS[-1]


@cache
def year(version: str = NEWEST) -> Year:
    return simulate(3, CUSTOMERS, START, api_version=version)


@cache
def told(version: str = NEWEST) -> tuple[Delivery, ...]:
    return tuple(deliveries(year(version).bodies()))


@cache
def in_order(version: str = NEWEST) -> Lives:
    return lived(RULES, [at_once(each) for each in told(version)])


def at_once(delivery: Delivery, late: timedelta = timedelta(seconds=1)) -> Arrival:
    return Arrival(delivery.envelope.created + late, delivery)


def late(events: Iterable[Delivery], random: Random) -> list[Arrival]:
    """Each by a second, or by half an hour: what belongs together comes in any order."""
    return [
        at_once(each, timedelta(seconds=random.choice(LATE_SECONDS) * random.random()))
        for each in events
    ]


def again(random: Random) -> list[Arrival]:
    """Half of all, under other ids and days later, as a second endpoint or a backfill tells it."""
    events = random.choices(year().events, k=len(told()) // 2)
    few_days = (timedelta(days=6 * random.random()) for _ in events)
    return list(map(at_once, deliveries(under_other_ids(events)), few_days))


def facts(lives: Lives) -> dict[str, object]:
    """To whom each fact was told, and what it is, but for what is known of it only by then."""
    return {
        name: (
            lives.sent[name]["To"],
            letter.amounts,
            _lasting(letter.times),
            _lasting(letter.words),
        )
        for name, letter in lives.letters.items()
        if not name.startswith("mail.refund")
    }


def refunded(lives: Lives) -> Counter[str]:
    """What was told to have gone back of each payment: two refunds may be told as one."""
    told = Counter[str]()
    for name, letter in lives.letters.items():
        if name.startswith("mail.refund"):
            told[name.split(":")[1]] += letter.amounts["refunded"].minor
    return told


def _lasting(said: Mapping[str, object]) -> dict[str, object]:
    """Without the balance of the moment, and of the reports of a payment which was the first."""
    return {key: value for key, value in said.items() if key not in ("available", "paid_at")}


def those_not_gone(lives: Lives, other: Lives) -> dict[str, object]:
    """The facts without those whose reader was deleted before one of the two could write."""
    gone = "the customer was deleted"
    left_out = {name for each in (lives, other) for name, why in each.unsent.items() if why == gone}
    return {name: said for name, said in facts(lives).items() if name not in left_out}


@settings(max_examples=2)
@given(st.integers(0, 2**32).map(Random))
def test_late_and_repeated_reports_lead_to_the_same_letters(random: Random) -> None:
    found = lived(RULES, [*late(told(), random), *again(random)])

    assert refunded(found) == refunded(in_order())
    one, other = those_not_gone(in_order(), found), those_not_gone(found, in_order())
    missed = {name for name in one.keys() - other.keys() if name.startswith(OVERTAKEN)}
    assert other == {name: said for name, said in one.items() if name not in missed}


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_an_older_api_leads_to_the_same_letters_but_for_what_only_it_knows_to_be_a_sale(
    version: str,
) -> None:
    one, other = facts(in_order()), facts(in_order(version))

    assert one.items() <= other.items()
    assert {name.partition(":")[0] for name in other.keys() - one.keys()} <= {"mail.receipt"}
    assert version < "2025" or one == other


def test_one_payment_is_told_by_many_types_of_events() -> None:
    told_by = {each.envelope.type for each in told()}

    assert told_by >= {
        *("checkout.session.completed", "payment_intent.succeeded", "charge.succeeded"),
        *("invoice.paid", "invoice.payment_succeeded", "invoice_payment.paid"),
        *("invoice.payment_failed", "payment_intent.payment_failed", "charge.refunded"),
        *("refund.created", "charge.dispute.created", "customer.subscription.trial_will_end"),
    }


def test_every_mail_there_is_but_those_that_take_years_was_sent() -> None:
    kinds = Counter(name.partition(":")[0].removeprefix("mail.") for name in in_order().sent)

    assert kinds.keys() == {
        *("receipt", "payment_failed", "refund", "dispute", "credits_bought"),
        *("subscription_started", "subscription_changed", "subscription_cancelled"),
        *("subscription_ended", "will_renew", "trial_ending"),
    }


def test_a_receipt_says_what_finance_says_was_paid_and_all_that_was_paid_has_one() -> None:
    rows = [
        row for row in in_order().rows["paid_invoices"].values() if isinstance(row, PaidInvoice)
    ]
    paid = {
        f"mail.receipt:{row.invoice_id}": Money(row.amount_paid_minor, row.currency)
        for row in rows
        if row.customer_id and row.amount_paid_minor
    }

    letters = in_order().letters.items()
    said = {name: each.amounts["paid"] for name, each in letters if name.startswith("mail.receipt")}
    assert said == paid


def test_of_each_payment_all_that_went_back_is_told_also_what_came_back_to_us_later() -> None:
    rows = in_order().rows["purchases"].values()
    gone = {
        row.purchase_id: row.refunded_minor
        for row in rows
        if isinstance(row, Purchase) and row.refunded_minor and row.customer_id
    }

    told = refunded(in_order())

    assert gone.items() <= told.items()
    assert told.keys() - gone.keys() <= failed_refunds()


def failed_refunds() -> set[str]:
    """The payments of which a refund failed."""
    rows = in_order().rows["purchases"].values()
    streams = [row.stream for row in rows if isinstance(row, Purchase)]
    return {
        event.originator_id.rpartition("/")[2]
        for stream in streams
        for event in in_order().events(stream)
        if isinstance(event, RefundReported) and event.refund.status == "failed"
    }
