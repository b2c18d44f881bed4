"""Every event type has a canonical payload, and says what it should."""

import pytest

from ledger.errors import Refusal
from ledger.money import Money
from ledger.observations import (
    CustomerObserved,
    DisputeObserved,
    InvoiceObserved,
    InvoicePaymentObserved,
    MirrorObserved,
    Observation,
    PaymentObserved,
    RefundObserved,
    RefundTotalObserved,
    SubscriptionObserved,
)
from ledger.providers.stripe.observer import THIN
from ledger.providers.stripe.readers import READERS
from ledger.upcoming import NextBill, NextBillObserved
from tests.ledger.providers.stripe.objects import DAY, MONTH, charge, customer
from tests.ledger.providers.stripe.payloads import API, EVENTS, event, observe, said, time

KINDS: dict[str, type[Observation]] = {
    "customer.subscription": SubscriptionObserved,
    "subscription.fetched": SubscriptionObserved,
    "customer": CustomerObserved,
    "checkout": PaymentObserved,
    "payment_intent": PaymentObserved,
    "charge.dispute": DisputeObserved,
    "dispute.fetched": DisputeObserved,
    "charge.refund.": RefundObserved,
    "charge": PaymentObserved,
    "refund": RefundObserved,
    "invoice_payment": InvoicePaymentObserved,
    "invoice.upcoming": NextBillObserved,
    "invoice": InvoiceObserved,
    "": MirrorObserved,
}
OUTCOMES = {
    "checkout.session.completed": ("paid", 1000),
    "checkout.session.async_payment_succeeded": ("paid", 1000),
    "checkout.session.async_payment_failed": ("abandoned", None),
    "checkout.session.expired": ("abandoned", None),
    "payment_intent.created": ("pending", None),
    "payment_intent.processing": ("pending", None),
    "payment_intent.requires_action": ("pending", None),
    "payment_intent.amount_capturable_updated": ("pending", None),
    "payment_intent.partially_funded": ("pending", None),
    "payment_intent.succeeded": ("paid", 1000),
    "payment_intent.payment_failed": ("failed", None),
    "payment_intent.canceled": ("canceled", None),
    "charge.pending": ("pending", None),
    "charge.succeeded": ("paid", 1000),
    "charge.captured": ("paid", 800),
    "charge.updated": ("paid", 1000),
    "charge.failed": ("failed", None),
    "charge.expired": ("failed", None),
    "charge.refunded": ("pending", None),
}


def test_every_type_that_is_read_has_its_canonical_payload() -> None:
    assert sorted(EVENTS) == sorted(READERS)


@pytest.mark.parametrize("type_", EVENTS)
def test_every_canonical_payload_says_something_of_its_kind(type_: str) -> None:
    first, *_ = said(EVENTS[type_])

    kind = next(kind for start, kind in KINDS.items() if type_.startswith(start))
    assert isinstance(first, kind)


@pytest.mark.parametrize("type_", OUTCOMES)
def test_a_payment_event_says_what_came_of_the_payment(type_: str) -> None:
    first, *_ = said(EVENTS[type_])

    assert isinstance(first, PaymentObserved)
    received = first.received.minor if first.received else None
    assert (first.outcome, received) == OUTCOMES[type_]


def test_all_payment_events_are_about_the_same_money_but_the_unstarted_one() -> None:
    ids = {type_: said(EVENTS[type_])[0] for type_ in OUTCOMES}

    assert {
        type_: it.payment_id for type_, it in ids.items() if isinstance(it, PaymentObserved)
    } == {type_: "cs_1" if type_ == "checkout.session.expired" else "pi_1" for type_ in OUTCOMES}


def test_a_refunded_charge_tells_the_sum_too() -> None:
    _, total = said(EVENTS["charge.refunded"])

    assert isinstance(total, RefundTotalObserved)
    assert total.total.minor == 400


@pytest.mark.parametrize("version", [API, "2024-06-20", "2012-02-23", None])
def test_an_upcoming_invoice_says_what_is_due_next_and_nothing_else(version: str | None) -> None:
    preview = EVENTS["invoice.upcoming"]["data"]["object"]
    old = {"parent": None, "subscription": "sub_1", "payment_intent": "pi_1", "charge": "ch_1"}
    told = preview if version == API else preview | old

    (next_bill,) = said(event("invoice.upcoming", told) | {"api_version": version})

    assert isinstance(next_bill, NextBillObserved)
    assert next_bill.subscription_id == "sub_1"
    assert next_bill.snapshot.state == NextBill(time(MONTH / DAY), Money(2500, "usd"))


def test_an_upcoming_invoice_of_no_subscription_says_nothing() -> None:
    preview = EVENTS["invoice.upcoming"]["data"]["object"]

    observed = observe(event("invoice.upcoming", preview | {"parent": None}))

    assert (observed.observations, observed.ignored) == ((), "this invoice.upcoming says nothing")


@pytest.mark.parametrize("status", ["pending", "failed"])
def test_a_bank_debit_under_way_is_no_money_though_it_counts_as_captured(status: str) -> None:
    first, *_ = said(event("charge.updated", charge(status=status), before={"description": None}))

    assert isinstance(first, PaymentObserved)
    assert (first.outcome, first.received) == ("pending", None)


def test_no_canonical_payload_is_refused_in_any_older_version() -> None:
    for type_, told in EVENTS.items():
        for version in (None, "2022-11-15", "2024-06-20", "2025-09-30.clover", "2031-01-01.xyz"):
            try:
                observe(told | {"api_version": version})
            except Refusal as refusal:
                pytest.fail(f"{type_} in {version}: {refusal}")


def test_a_thin_event_says_nothing_itself_whatever_its_type() -> None:
    thin = {**EVENTS["invoice.paid"], "object": "v2.core.event", "created": "2026-10-01T12:00:00Z"}

    observed = observe(thin)

    assert (observed.observations, observed.ignored) == ((), THIN)


def test_the_locale_a_customer_prefers_is_the_first_they_name() -> None:
    for given, expected in ((["de-AT", "en"], "de-AT"), ([], None), (None, None)):
        told = event("customer.created", customer(preferred_locales=given))
        (seen,) = said(told)

        assert isinstance(seen, CustomerObserved)
        assert seen.snapshot
        assert seen.snapshot.state.locale == expected
