"""Purchases end alike in every order of arrival: what was paid, refunded, disputed and granted."""

from ledger.aggregates.credit_wallet import CreditWallet, Totals
from ledger.aggregates.purchase import Purchase
from ledger.effects import Access, Grant, Receipt
from ledger.policy import Policy, TakenBack
from tests.ledger.given import usd
from tests.ledger.providers.stripe.objects import charge, dispute, payment_intent, refund, session
from tests.ledger.providers.stripe.payloads import event, time
from tests.ledger.stories import end_in_all_orders

PACK = {"user_id": "ann", "credits": "50"}
COURSE = {"user_id": "ann", "learning_path_id": "7"}
SECOND = 1 / 86_400


def paid(metadata: dict[str, str], on: float = 0) -> tuple[dict[str, object], ...]:
    """One payment as its intent tells it."""
    intent = payment_intent(amount_received=1000, status="succeeded", metadata=metadata)
    return (event("payment_intent.succeeded", intent, on),)


def test_four_events_report_the_same_ten_dollars() -> None:
    ending = end_in_all_orders(
        event("payment_intent.created", payment_intent(metadata=PACK)),
        event("charge.succeeded", charge(metadata=PACK), SECOND),
        *paid(PACK, 2 * SECOND),
        event("checkout.session.completed", session(client_reference_id="ann"), 3 * SECOND),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert purchase.receipt == Receipt("ann", usd(1000), time(SECOND))
    assert purchase.grant == Grant("ann", 50)
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50)


def test_a_refund_that_failed_later_gives_everything_back() -> None:
    metadata = PACK | COURSE
    ending = end_in_all_orders(
        *paid(metadata),
        event("refund.created", refund(status="pending"), 2),
        event("charge.refunded", charge(amount_refunded=1000, metadata=metadata), 2),
        event("refund.updated", refund(), 3, before={"status": "pending"}),
        event("refund.failed", refund(status="failed"), 5),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert purchase.access == Access("ann", ("learning_path:7",), time(0))
    assert purchase.receipt == Receipt("ann", usd(1000), time(0), refunded_minor=0)
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50)


def test_a_partial_and_a_final_refund_take_credits_pro_rata_and_access_at_the_end() -> None:
    metadata = PACK | COURSE
    ending = end_in_all_orders(
        *paid(metadata),
        event("refund.created", refund(amount=250), 2),
        event("charge.refunded", charge(amount_refunded=250, metadata=metadata), 2),
        event("refund.created", refund(id="re_2", amount=750), 4),
        event("charge.refunded", charge(amount_refunded=1000, metadata=metadata), 4),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert purchase.taken_back == TakenBack(time(4), "refunded")
    assert purchase.access == Access(
        "ann", ("learning_path:7",), time(0), ends_at=time(4), ended_because="refunded"
    )
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50, revoked=50)


def test_a_partial_refund_leaves_access() -> None:
    ending = end_in_all_orders(*paid(PACK | COURSE), event("refund.created", refund(amount=259), 2))

    assert ending.get(Purchase, "pi_1").access == Access("ann", ("learning_path:7",), time(0))
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50, revoked=12)


def test_a_lost_dispute_takes_all_when_it_is_closed() -> None:
    ending = end_in_all_orders(
        *paid(PACK | COURSE),
        event("charge.dispute.created", dispute(), 10),
        event("charge.dispute.funds_withdrawn", dispute(), 10),
        event("charge.dispute.updated", dispute(status="lost"), 20, before={"status": "x"}),
        event("charge.dispute.closed", dispute(status="lost"), 20 + SECOND),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert purchase.sums.disputed == purchase.sums.lost == 1000
    assert purchase.taken_back == TakenBack(time(20), "dispute_lost")
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50, revoked=50)


def test_a_won_dispute_takes_nothing() -> None:
    ending = end_in_all_orders(
        *paid(PACK | COURSE),
        event("charge.dispute.created", dispute(), 10),
        event("charge.dispute.funds_reinstated", dispute(status="won"), 20),
        event("charge.dispute.closed", dispute(status="won"), 20),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert (purchase.sums.disputed, purchase.taken_back) == (0, None)
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50)


def test_a_delayed_payment_counts_when_it_comes() -> None:
    ending = end_in_all_orders(
        event("checkout.session.completed", session(metadata=PACK, payment_status="unpaid")),
        event("payment_intent.processing", payment_intent(status="processing")),
        event("checkout.session.async_payment_succeeded", session(metadata=PACK), 3),
        event(
            "payment_intent.succeeded",
            payment_intent(amount_received=1000, status="succeeded"),
            3 + SECOND,
        ),
    )

    assert ending.get(Purchase, "pi_1").paid_at == time(3)
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50)


def test_a_delayed_payment_that_does_not_come_gives_nothing() -> None:
    unpaid = session(metadata=PACK, payment_status="unpaid")
    ending = end_in_all_orders(
        event("checkout.session.completed", unpaid),
        event("payment_intent.payment_failed", payment_intent(), 3),
        event("checkout.session.async_payment_failed", unpaid, 3),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert (purchase.closed, purchase.receipt, purchase.grant) == ("abandoned", None, None)


def test_a_checkout_of_nothing_still_grants() -> None:
    free = session(
        metadata=PACK, amount_total=0, payment_intent=None, payment_status="no_payment_required"
    )
    ending = end_in_all_orders(event("checkout.session.completed", free))

    assert ending.get(Purchase, "cs_1").receipt == Receipt("ann", usd(0), time(0))
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50)


def test_a_payment_that_failed_first_is_paid_in_the_end() -> None:
    ending = end_in_all_orders(
        event("payment_intent.payment_failed", payment_intent(metadata=PACK)),
        event("charge.failed", charge(captured=False, status="failed", metadata=PACK)),
        *paid(PACK, 1),
        event("charge.succeeded", charge(id="ch_2", metadata=PACK), 1),
    )

    assert ending.get(Purchase, "pi_1").receipt == Receipt("ann", usd(1000), time(1))


def test_reports_that_contradict_each_other_give_nothing_in_any_order() -> None:
    ending = end_in_all_orders(
        *paid(PACK | COURSE),
        event("charge.succeeded", charge(metadata=PACK | COURSE), SECOND),
        event("checkout.session.completed", session(amount_total=900), SECOND),
        event("refund.created", refund(amount=300), 2),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert (purchase.receipt, purchase.access, purchase.grant) == (None, None, None)
    assert purchase.conflict is not None


def test_a_bank_debit_that_fails_after_days_gave_nothing() -> None:
    debit = charge(status="pending", metadata=PACK)
    ending = end_in_all_orders(
        event("charge.pending", debit),
        event("charge.updated", debit | {"description": "x"}, 1, before={"description": None}),
        event("charge.failed", debit | {"status": "failed"}, 5),
        event("payment_intent.payment_failed", payment_intent(metadata=PACK), 5),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert (purchase.received, purchase.closed, purchase.grant) == (None, "failed", None)


def test_another_platforms_payment_gives_nothing_and_names_nobody() -> None:
    intent = payment_intent(amount_received=1000, status="succeeded", metadata={"credits": "50"})
    theirs = session(metadata={"platform": "OTHER", "user_id": "ann"})
    ending = end_in_all_orders(
        event("payment_intent.succeeded", intent),
        event("charge.succeeded", charge(), SECOND),
        event("checkout.session.completed", theirs, SECOND),
        policy=Policy(platform="LEAD"),
    )

    purchase = ending.get(Purchase, "pi_1")
    assert (purchase.owner, purchase.receipt, purchase.grant) == ((None, "cus_1"), None, None)
