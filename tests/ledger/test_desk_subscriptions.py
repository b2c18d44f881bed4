"""Subscriptions end alike in every order of arrival: paid time, links to payments, and the end."""

from itertools import permutations

from ledger.aggregates.invoice import Invoice
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from ledger.effects import Access, Receipt
from ledger.observations import Period
from tests.ledger.given import usd
from tests.ledger.providers.stripe.objects import (
    DAY,
    MONTH,
    NOW,
    Json,
    charge,
    invoice,
    invoice_payment,
    item,
    line,
    payment_intent,
    refund,
    session,
    subscription,
)
from tests.ledger.providers.stripe.payloads import event, time
from tests.ledger.stories import end, end_in_all_orders

FEATURES = ("plan:pro",)


def paid_intent(on: float = 0, **changes: object) -> Json:
    return event(
        "payment_intent.succeeded",
        payment_intent(id="pi_9", amount=3000, amount_received=3000, status="succeeded", **changes),
        on,
    )


def settled(on: float = 0) -> Json:
    return event("invoice_payment.paid", invoice_payment(), on)


def second_month(**changes: object) -> Json:
    """The invoice of the second month, paid on its first day."""
    later = {"start": NOW + MONTH, "end": NOW + 2 * MONTH}
    renewed = invoice(
        id="in_2",
        lines={"data": [line(period=later)]},
        status_transitions={"paid_at": NOW + MONTH},
        **changes,
    )
    return event("invoice.paid", renewed, 30)


def test_a_checkout_puts_everything_into_one_second() -> None:
    ending = end_in_all_orders(
        event("customer.subscription.created", subscription(status="incomplete")),
        event("customer.subscription.updated", subscription(), 0, {"status": "incomplete"}),
        event("invoice.paid", invoice()),
        paid_intent(),
        settled(),
        event(
            "checkout.session.completed",
            session(mode="subscription", payment_intent=None, client_reference_id="ann"),
        ),
    )

    assert ending.get(Subscription, "sub_1").access == Access(
        "ann", FEATURES, time(0), paid_until=time(30), ends_at=time(37)
    )
    assert ending.get(Invoice, "in_1").receipt == Receipt(
        *("ann", usd(3000), time(0), 0, "sub_1", "ANN-0001"), Period(time(0), time(30))
    )
    assert ending.get(Purchase, "pi_9").receipt is None


def test_incomplete_active_past_due_active_in_one_second_ends_active() -> None:
    ending = end_in_all_orders(
        event("customer.subscription.created", subscription(status="incomplete")),
        event(
            "customer.subscription.updated", subscription(), 0, {"status": "incomplete"}, id="e1"
        ),
        event(
            "customer.subscription.updated",
            *(subscription(status="past_due"), 0, {"status": "active"}),
            id="e2",
        ),
        event("customer.subscription.updated", subscription(), 0, {"status": "past_due"}, id="e3"),
        event("invoice.paid", invoice()),
    )

    standing = ending.get(Subscription, "sub_1").standing
    assert standing is not None
    assert (standing.state.status, standing.ambiguous) == ("active", False)


def test_a_payment_is_no_sale_of_its_own_once_its_invoice_is_known() -> None:
    ending = end_in_all_orders(
        paid_intent(metadata={"user_id": "ann"}),
        event(
            "charge.succeeded",
            charge(id="ch_9", payment_intent="pi_9", amount=3000, amount_captured=3000),
        ),
        event("invoice.finalized", invoice(status="open", amount_paid=0)),
        event("invoice.paid", invoice()),
        settled(2),
    )

    assert ending.get(Purchase, "pi_9").receipt is None
    assert ending.get(Purchase, "pi_9").invoice_ids == ("in_1",)


def test_an_invoice_that_the_payment_names_itself_needs_no_link() -> None:
    details = {"order_reference": "in_1", "customer_reference": None}
    ending = end_in_all_orders(
        paid_intent(payment_details=details, metadata={"user_id": "ann"}),
        event("invoice.paid", invoice()),
        event("refund.created", refund(payment_intent="pi_9", amount=500), 3),
    )

    receipt = ending.get(Invoice, "in_1").receipt
    assert receipt is not None
    assert receipt.refunded_minor == 500


def test_a_refund_of_the_renewal_leaves_the_month_before() -> None:
    ending = end_in_all_orders(
        event("customer.subscription.created", subscription()),
        event("invoice.paid", invoice()),
        second_month(),
        event("invoice_payment.paid", invoice_payment(invoice="in_2"), 30),
        paid_intent(30),
        event("refund.created", refund(payment_intent="pi_9", amount=3000), 40),
    )

    assert ending.get(Subscription, "sub_1").access == Access(
        *("cus_1", FEATURES, time(0)), time(30), ends_at=time(40), ended_because="refunded"
    )


def test_a_late_renewal_extends_and_an_early_cancelation_ends() -> None:
    canceled = subscription(status="canceled", ended_at=NOW + 45 * DAY)
    ending = end_in_all_orders(
        event("customer.subscription.created", subscription()),
        event("invoice.paid", invoice()),
        second_month(),
        event("customer.subscription.deleted", canceled, 45),
        event("customer.subscription.updated", subscription(quantity=2), 46),
    )

    assert ending.get(Subscription, "sub_1").access == Access(
        *("cus_1", FEATURES, time(0)), time(60), ends_at=time(45), ended_because="canceled"
    )


def test_after_a_change_of_plan_only_the_new_plan_is_given() -> None:
    team = {"data": [item(price={"id": "price_2", "metadata": {"group_id": "3"}})]}
    before = {"items": {"data": [item()]}}
    ending = end_in_all_orders(
        event("customer.subscription.created", subscription()),
        event("invoice.paid", invoice()),
        event("customer.subscription.updated", subscription(items=team), 3, before),
    )

    access = ending.get(Subscription, "sub_1").access
    assert access is not None
    assert access.features == ("group:3",)


def test_drafts_voided_and_uncollectible_invoices_pay_for_nothing() -> None:
    ending = end_in_all_orders(
        event("customer.subscription.created", subscription(status="incomplete")),
        event("invoice.created", invoice(status="draft")),
        event("invoice.marked_uncollectible", invoice(status="uncollectible"), 1),
        event("invoice.voided", invoice(status="void"), 2),
    )

    assert ending.get(Subscription, "sub_1").access is None
    assert ending.get(Invoice, "in_1").receipt is None


def test_a_failed_attempt_told_late_does_not_unpay_an_invoice() -> None:
    open_ = invoice(status="open", amount_paid=0)
    ending = end_in_all_orders(
        event("invoice.finalized", open_),
        event("invoice.payment_failed", open_ | {"attempt_count": 1}),
        event("invoice.payment_failed", open_ | {"attempt_count": 2}, 3),
        event("invoice.paid", invoice(status_transitions={"paid_at": NOW + 5 * DAY}), 5),
        event(
            "invoice.payment_succeeded", invoice(status_transitions={"paid_at": NOW + 5 * DAY}), 5
        ),
    )

    receipt = ending.get(Invoice, "in_1").receipt
    assert receipt is not None
    assert receipt.paid_at == time(5)


def test_an_invoice_pays_for_the_subscription_its_newest_report_names() -> None:
    other: Json = {"subscription_details": {"metadata": {}, "subscription": "sub_2"}}
    first = event("invoice.paid", invoice())
    moved = event("invoice.updated", invoice(parent=other, lines={"data": []}), 1)
    begun = event("customer.subscription.created", subscription())

    for order in permutations((begun, first, moved)):
        assert end(*order).get(Subscription, "sub_1").access is None
