"""What nobody can place, read or explain is kept and shown, and stops nothing else."""

from __future__ import annotations

import pytest

from ledger.clerk import Rules
from ledger.delivery import Delivery
from ledger.observations import Observed
from tests.ledger.providers.stripe.objects import customer, invoice, payment_intent, subscription
from tests.ledger.providers.stripe.payloads import delivery, event
from tests.museum import without
from tests.museum.telling import NOW, RULES, the_row, told, told_in_every_order

PAID = event(
    "payment_intent.succeeded",
    payment_intent(status="succeeded", amount_received=1000, metadata={"learning_path_id": "7"}),
)


def test_a_payment_of_nobody_known_is_kept_and_finds_its_owner() -> None:
    """2anki#3459 "Stripe webhooks for active subscriptions arrive with no matching local account";
    AI-Shipping-Labs#1105 "Paid checkout can leave member on Free when Stripe email differs from
    login"; better-auth#5734.

    Guard: an owner is a fact like others, and may come later.
    """
    stranger = event("payment_intent.succeeded", {**PAID["data"]["object"], "customer": None})
    row = the_row(told(stranger), "purchases")
    assert (row.customer_id, row.paid_minor, row.status) == (None, 1000, "paid")

    named = event("customer.created", customer(metadata={"user_id": "ann"}), on=8)
    ledger = told_in_every_order(PAID, named)
    assert the_row(ledger, "purchases").customer_id == "ann"
    assert the_row(ledger, "entitlements").customer_id == "ann"


def test_every_row_leads_to_the_deliveries_it_came_of() -> None:
    """killbill/killbill#2109 "ILLEGAL INVOICING STATE" ("We can't figure out why the system sees
    these states as 'illegal'"); #877 "Double billing detected".

    Guard: each domain event names the delivery that caused it, and each row its stream.
    """
    story = (
        event("customer.subscription.created", subscription()),
        event("invoice.paid", invoice()),
        PAID,
    )
    heard = {delivery(each).originator_id for each in story}
    ledger = told(*story)

    streams = [row.stream for rows in ledger.rows.values() for row in rows.values()]  # type: ignore[attr-defined]  # every table but deliveries has it
    assert len(streams) >= 4
    for stream in streams:
        causes = {each.cause for each in ledger.events(stream)}
        assert causes
        assert causes <= heard


class Faulty:
    """An observer with a bug that one event meets."""

    def observe(self, delivered: Delivery) -> Observed:
        if delivered.envelope.event_id == "evt_bug":
            raise ZeroDivisionError
        return RULES.observers["stripe"].observe(delivered)


def test_one_event_that_meets_a_bug_stops_no_other() -> None:
    """spatie/laravel-event-sourcing#139 "Scalability issue of a projector once an exception
    occurs" (12 hours); JasperFx/marten#4961; woocommerce-gateway-stripe#4150 (fail loudly and the
    endpoint is disabled, or silently and nobody knows).

    Guard: the delivery is refused with a reason, is listed, and the next goes on.
    """
    rules = Rules({"stripe": Faulty()}, RULES.policy, livemode=False)
    story = ({**PAID, "id": "evt_bug"}, PAID)

    assert told(*story, rules=rules).outcomes == {"refused": 1, "applied": 1}
    with without.faults_kept_as_refusals(), pytest.raises(ZeroDivisionError):
        told(*story, rules=rules)


def test_a_test_event_on_the_live_endpoint_changes_nothing() -> None:
    """pay-rails/pay#999; solidusio/solidus_stripe#192; dj-stripe#445.

    Guard: the mode is in the envelope, and the other mode's events are kept and not applied.
    """
    live = Rules(RULES.observers, RULES.policy, livemode=True)
    ledger = told(PAID, rules=live)

    assert ledger.outcomes == {"ignored": 1}
    assert not any(ledger.rows.values())


def test_an_event_nobody_asked_for_is_kept_and_ignored() -> None:
    """dj-stripe#1488 (which events do I need?): all may be sent.

    Guard: a type without a reader is ignored with a reason, never an error.
    """
    other = event("terminal.reader.action_failed", {"id": "tmr_1", "object": "terminal.reader"})
    ledger = told(PAID)
    (entry,) = ledger.keep([delivery(other)], NOW)

    assert entry.outcome == "ignored"
    assert entry.reason
