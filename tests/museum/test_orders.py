"""Events that arrive in another order than they happened, or in one and the same second."""

from __future__ import annotations

from tests.ledger.providers.stripe.objects import MONTH, NOW, invoice, session, subscription
from tests.ledger.providers.stripe.payloads import event
from tests.museum import without
from tests.museum.telling import may_use, the_row, told, told_in_every_order

BEGUN = event("customer.subscription.created", subscription(status="incomplete"))
BEGUN_BEFORE = event("customer.subscription.created", subscription(), on=-1)
PAID = event("invoice.paid", invoice())
ACTIVE = event(
    "customer.subscription.updated", subscription(), on=0.1, before={"status": "incomplete"}
)


def test_an_old_event_overwrites_nothing_newer() -> None:
    """stripe/stripe-cli#418 "Webhooks are being sent in incorrect order.";
    integrallis/stripe_event#75 "Stripe Events not in order"; pay-rails/pay#282 "Stripe
    subscriptions through Checkout sometimes marked "incomplete"".

    Guard: the newest snapshot wins, by the provider's time and not by arrival.
    """
    ledger = told_in_every_order(BEGUN, PAID, ACTIVE)

    assert the_row(ledger, "subscriptions").status == "active"
    assert may_use(ledger, on=1)
    with without.an_order_of_snapshots():
        assert the_row(told(ACTIVE, PAID, BEGUN), "subscriptions").status == "incomplete"


def changed(status: str, before: str) -> dict[str, object]:
    """A change of status; all of them in the second in which the subscription began."""
    change = event(
        "customer.subscription.updated", subscription(status=status), before={"status": before}
    )
    return {**change, "id": f"evt_{before}_{status}"}


def test_within_one_second_each_change_says_what_it_follows() -> None:
    """stripe/sync-engine#268 "Events with same timestamps don't persist most recent event data";
    fastrepl/anarlog#7222 "Prevent stale subscription webhook state".

    Guard: the chain of previous attributes within the newest second. Ties broken by id or type
    alone are the same in every order, and wrong.
    """
    story = (
        BEGUN,
        changed("active", before="incomplete"),
        changed("past_due", before="active"),
    )
    ledger = told_in_every_order(*story)

    assert the_row(ledger, "subscriptions").status == "past_due"
    assert not the_row(ledger, "subscriptions").ambiguous
    with without.the_chain_within_a_second():
        assert the_row(told(*story), "subscriptions").status == "active"


def test_a_cancellation_taken_back_within_its_second_is_taken_back() -> None:
    """stripe/sync-engine#268 once more: here the changes come back to where they began.

    Guard: a circle of changes ends where it began, and it did not begin canceled in this second.
    """
    asked = {"cancel_at_period_end": True, "cancel_at": NOW + MONTH, "canceled_at": NOW}
    kept = {"cancel_at_period_end": False, "cancel_at": None, "canceled_at": None}
    cancel = event("customer.subscription.updated", subscription(**asked), before=kept)
    keep = event("customer.subscription.updated", subscription(**kept), before=asked)

    row = the_row(told_in_every_order(BEGUN_BEFORE, cancel, {**keep, "id": "e2"}), "subscriptions")

    assert (row.cancel_at, row.canceled_at, row.ambiguous) == (None, None, False)


def test_what_nothing_can_order_is_shown_and_not_guessed() -> None:
    """stripe/sync-engine#268 again: two reports of one second without previous attributes.

    Guard: `ambiguous` on the row.
    """
    one = event("customer.subscription.updated", subscription(quantity=1))
    other = {**event("customer.subscription.updated", subscription(status="past_due")), "id": "e2"}

    assert the_row(told_in_every_order(one, other), "subscriptions").ambiguous


def test_an_event_that_is_sent_again_undoes_nothing_since() -> None:
    """bitwarden/server#7525 "Stop 500-retry loop on incomplete_expired subs": each retry switched
    a paying customer off again, after Support had switched them on.

    Guard: a report that is known, or older than what is known, makes no event at all.
    """
    unpaid = event("customer.subscription.updated", subscription(status="unpaid"), on=0.2)
    active = event("customer.subscription.updated", subscription(), on=0.3)
    once = told(BEGUN, PAID, unpaid, active)
    again = told(BEGUN, PAID, unpaid, active, unpaid, unpaid)

    assert may_use(again, on=1)
    assert again.fingerprint == once.fingerprint
    assert again.outcomes["unchanged"] == once.outcomes["unchanged"] + 2
    with without.an_order_of_snapshots():
        assert the_row(told(BEGUN, PAID, active, unpaid), "subscriptions").status == "unpaid"


def test_our_own_call_and_its_webhooks_race_to_one_row() -> None:
    """laravel/cashier-stripe#1759 "Duplicate subscriptions and no try/catch for unique Stripe
    ID"; pay-rails/pay#371 "scary race condition in stripe webhooks".

    Guard: any report may be the first; an aggregate needs no creating event.
    """
    bought = session(mode="subscription", subscription="sub_1", invoice="in_1", payment_intent=None)
    answered = event("checkout.session.completed", bought)

    ledger = told_in_every_order(answered, BEGUN, ACTIVE, PAID)

    assert the_row(ledger, "subscriptions").subscription_id == "sub_1"
    assert may_use(ledger, on=1)
