"""One payment, however many events report it and however often each of them comes."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from tests.ledger.providers.stripe.mirrored_objects import balance_transaction
from tests.ledger.providers.stripe.objects import (
    Json,
    charge,
    dispute,
    payment_intent,
    refund,
    session,
)
from tests.ledger.providers.stripe.payloads import event
from tests.museum import without
from tests.museum.telling import the_row, told, told_in_every_order

PACK = {"user_id": "ann", "credits": "50"}
SUCCEEDED, COMPLETED = "payment_intent.succeeded", "checkout.session.completed"
PAID = event(
    SUCCEEDED,
    payment_intent(status="succeeded", amount_received=1000, metadata=PACK),
)
CHARGED = event("charge.succeeded", charge(metadata=PACK))
CHECKED_OUT = event(COMPLETED, session(metadata=PACK))


def credited(events: Iterable[Json], remembered: str | None) -> int:
    """What a handler credits that does so for each event whose `remembered` field is new to it."""
    seen, credits = set(), 0
    for each in events:
        if remembered is None or each[remembered] not in seen:
            credits += int(each["data"]["object"]["metadata"]["credits"])
            seen.add(each[remembered or "id"])
    return credits


def test_a_duplicate_delivery_gives_no_free_credits() -> None:
    """anomalyco/opencode#28402 "Duplicate webhook delivery grants free credits";
    pollinations#10621 "Stripe webhook: add event-id idempotency to prevent double-credit";
    getlago/lago-api#2243 "Prevent from having duplicate Invoices::PrepaidCreditJob".

    Guard: the Inbox refuses a second copy, and were it there, it would say nothing new.
    """
    ledger = told(PAID, PAID, PAID)

    assert the_row(ledger, "balances").granted == 50
    assert ledger.outcomes == {"applied": 1, "unchanged": 2}
    assert credited([PAID, PAID, PAID], remembered=None) == 150


def test_different_events_of_the_same_money_give_credits_once() -> None:
    """masumi-network/sokosumi#1846 "prevent duplicate credit allocation on invoice payment";
    pollinations#10624 "dedupe Stripe checkout webhook credits".

    Guard: the effect is keyed by the payment intent; remembering event ids is not enough.
    """
    story = (PAID, CHARGED, CHECKED_OUT)
    ledger = told_in_every_order(*story)

    assert the_row(ledger, "balances").granted == 50
    assert the_row(ledger, "purchases").paid_minor == 1000
    assert the_row(ledger, "paid_invoices").amount_paid_minor == 1000
    assert credited([*story, PAID], remembered="id") == 150
    with without.one_payment_for_all_reports():
        assert the_row(told(*story), "purchases").paid_minor == 3000


def test_one_lost_webhook_is_made_good_by_any_other_of_the_same_money() -> None:
    """mysociety/alaveteli#8773 "Pro role not added after failed payment / webhook failure";
    offspot/imager-service#295 (a webhook gone for a year); wasp-lang/open-saas#198.

    Guard: every report of a payment is enough for all that follows from it. A handler of one
    type of event gives nothing when that one is lost.
    """
    story = (PAID, CHARGED, CHECKED_OUT)
    for lost in story:
        heard = [each for each in story if each is not lost]
        assert the_row(told(*heard), "balances").granted == 50
    heard = [each for each in (PAID, CHARGED) if each["type"] == "checkout.session.completed"]
    assert credited(heard, remembered="id") == 0


def test_reports_that_contradict_each_other_give_nothing_and_show_both() -> None:
    """masumi-network/sokosumi#1846 and hackerai-tech/hackerai#786 "Fix extra usage checkout
    dedupe": which of two amounts is right is not for a program to guess.

    Guard: quarantine, with both facts on the row.
    """
    other = event("charge.succeeded", charge(amount=900, amount_captured=900, metadata=PACK))

    ledger = told_in_every_order(PAID, other)

    row = the_row(ledger, "purchases")
    assert row.status == "quarantined"
    assert "10.00 USD" in row.conflict
    assert "9.00 USD" in row.conflict
    assert not ledger.rows["balances"]
    assert not ledger.rows["paid_invoices"]


@pytest.mark.parametrize(
    ("said", "other"),
    [
        (
            event(SUCCEEDED, payment_intent(amount_received=900, metadata=PACK), 1),
            ("intent says 9.00 USD", "intent says 10.00 USD"),
        ),
        (
            event(COMPLETED, session(metadata=PACK, amount_total=900), 1),
            ("intent says 10.00 USD", "checkout says 9.00 USD"),
        ),
        (
            event("refund.created", refund(currency="jpy", amount=500), 1),
            ("received is 10.00 USD", "re_1 says 500 JPY"),
        ),
        (
            event("charge.dispute.closed", dispute(currency="jpy", status="lost"), 1),
            ("received is 10.00 USD", "JPY"),
        ),
    ],
    ids=["the same source", "another source", "a refund's currency", "a dispute's currency"],
)
def test_no_two_facts_of_one_payment_are_reconciled_by_guessing(
    said: Json, other: tuple[str, str]
) -> None:
    """saleor#18196 and the two above once more: every way in which facts about one payment
    intent contradict each other.

    Guard: quarantine; the larger amount, the later report or the number alone would be a guess.
    """
    row = the_row(told_in_every_order(PAID, said), "purchases")

    assert row.status == "quarantined"
    assert [fact for fact in other if fact not in row.conflict] == []


def test_a_refund_that_is_told_with_two_amounts_is_shown_with_both() -> None:
    """The same for money on its way back."""
    once, again = (
        event("refund.updated", refund(amount=minor, status="succeeded"), 1 + minor)
        for minor in (300, 400)
    )

    row = the_row(told_in_every_order(PAID, once, again), "purchases")

    assert (row.status, row.conflict) == ("quarantined", "re_1 says 3.00 USD; re_1 says 4.00 USD")


def test_a_charge_that_is_captured_in_parts_contradicts_nothing() -> None:
    """No pain: more of one charge may be captured later, and the intent reports the sum."""
    parts = [
        event("charge.captured", charge(amount_captured=minor, metadata=PACK), minor)
        for minor in (400, 1000)
    ]

    row = the_row(told_in_every_order(*parts, PAID), "purchases")

    assert (row.status, row.paid_minor, row.conflict) == ("paid", 1000, None)


def test_a_yen_is_a_yen() -> None:
    """invoiceplane/InvoicePlane#1677; paymenter/Paymenter#1258; getlago/lago-api#643: zero-decimal
    currencies shown or charged a hundredfold.

    Guard: integers of minor units beside their currency; digits are used only to show them.
    """
    yen = event(
        "payment_intent.succeeded",
        payment_intent(amount=500, amount_received=500, currency="jpy", metadata=PACK),
    )
    dollars = event("charge.succeeded", charge(currency="usd", amount=5, amount_captured=5))

    assert the_row(told(yen), "purchases").paid_minor == 500
    assert "500 JPY; charge says 0.05 USD" in the_row(told(yen, dollars), "purchases").conflict


def test_what_came_in_less_what_it_cost_is_what_is_left() -> None:
    """polarsource/polar#1727 "Accounting"; hayoor1/zuka#29: fees counted with each event that names
    them do not tie out with the payout.

    Guard: a fee is keyed by the movement of the balance it belongs to, whoever reports it.
    """
    movement = balance_transaction()
    reports = (
        event("charge.succeeded", charge(balance_transaction=movement)),
        event("charge.updated", charge(balance_transaction=movement), 1),
        event("balance_transaction.fetched", movement),
    )
    ledger = told_in_every_order(PAID, *reports)

    row = the_row(ledger, "balance_transactions")
    assert the_row(ledger, "purchases").paid_minor - row.fee_minor == row.net_minor == 941
    counted = sum(59 for each in reports if "fee" in str(each["data"]["object"]))
    assert counted == 3 * row.fee_minor, "by each event"


def test_there_is_no_part_of_a_cent() -> None:
    """EverHype-Systems/stripe-lexoffice-csv#6 (0.0000000003 cents); gratipay/inside#352 "resolve
    $13.19 discrepancy with Balanced".

    Guard: an amount is a whole number or the delivery is refused; sums are exact.
    """
    fraction = event("payment_intent.succeeded", payment_intent(amount_received=10.5))
    dimes = [
        event("payment_intent.succeeded", payment_intent(id=f"pi_{n}", amount_received=10))
        for n in range(30)
    ]
    ledger = told(fraction, *dimes)

    assert ledger.outcomes["refused"] == 1
    assert sum(row.paid_minor for row in ledger.rows["purchases"].values()) == 300  # type: ignore[attr-defined]  # rows of purchases
    assert sum([0.1] * 30) != 3.0
