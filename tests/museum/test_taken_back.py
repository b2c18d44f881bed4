"""Refunds and disputes take back what was given: once, and not before they are settled."""

from __future__ import annotations

from tests.ledger.providers.stripe.objects import Json, charge, dispute, payment_intent, refund
from tests.ledger.providers.stripe.payloads import event
from tests.museum import without
from tests.museum.telling import may_use, the_row, told, told_in_every_order

BOUGHT = {"user_id": "ann", "credits": "50", "learning_path_id": "7"}
PAID = event(
    "payment_intent.succeeded",
    payment_intent(status="succeeded", amount_received=1000, metadata=BOUGHT),
)
OPENED = event("charge.dispute.created", dispute(), on=5)
REFUNDED = event("refund.created", refund(), on=3)
SUMMED = event("charge.refunded", charge(amount_refunded=1000), on=3)


def closed(status: str) -> Json:
    return event("charge.dispute.closed", dispute(status=status), on=9)


def test_a_refund_takes_back_once_whatever_reports_it() -> None:
    """elizaOS/eliza#10920 (no clawback at all); Helicone#4728; pocketpaw#2041.

    Guard: refunds are a set by their own ids, and the provider's sum is one of the same money.
    """
    ledger = told_in_every_order(PAID, REFUNDED, event("refund.updated", refund(), on=4), SUMMED)

    assert the_row(ledger, "purchases").refunded_minor == 1000
    assert the_row(ledger, "balances").revoked == 50
    assert may_use(ledger, on=2.9)
    assert not may_use(ledger, on=3)
    with without.refunds_of_the_same_money():
        assert the_row(told(PAID, REFUNDED, SUMMED), "purchases").refunded_minor == 2000


def test_a_dispute_that_is_open_or_won_takes_nothing() -> None:
    """elizaOS/eliza#10997 (clawed back when the dispute opened, and never given back).

    Guard: only a lost dispute takes back; what is open is shown as disputed.
    """
    opened = told_in_every_order(PAID, OPENED)
    won = told_in_every_order(PAID, OPENED, closed("won"))

    assert the_row(opened, "purchases").disputed_minor == 1000
    assert the_row(won, "purchases").disputed_minor == 0
    for ledger in (opened, won):
        assert may_use(ledger, on=30)
        assert the_row(ledger, "balances").available == 50
    with without.patience_with_disputes():
        assert the_row(told(PAID, OPENED), "balances").available == 0


def test_a_lost_dispute_takes_back() -> None:
    """elizaOS/eliza#10920 again: the money is gone, so is what it bought."""
    ledger = told_in_every_order(PAID, OPENED, closed("lost"))

    assert the_row(ledger, "purchases").status == "dispute_lost"
    assert not may_use(ledger, on=9)
    assert the_row(ledger, "balances").available == 0


def test_a_refund_after_a_won_dispute_takes_back_what_it_is_and_no_more() -> None:
    """elizaOS/eliza#11155 (a dispute is won, and then refunded).

    Guard: each fact has its own id, and credits are taken back of their sum, never below none.
    """
    half = event("refund.created", refund(amount=500), on=12)
    ledger = told_in_every_order(PAID, OPENED, closed("won"), half)

    row = the_row(ledger, "balances")
    assert (row.granted, row.revoked, row.available, row.shortfall) == (50, 25, 25, 0)
    assert may_use(ledger, on=30)


def test_a_refund_that_bounces_gives_all_of_it_back() -> None:
    """elizaOS/eliza#10997: what is given back must be given back here too."""
    story = (
        PAID,
        REFUNDED,
        event("refund.failed", refund(status="failed"), on=6),
    )
    assert may_use(told_in_every_order(*story), on=30)
    assert not may_use(told(*story[:2]), on=30)
