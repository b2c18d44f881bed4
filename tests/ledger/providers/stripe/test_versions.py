"""Older API versions' objects say the same as today's."""

from copy import deepcopy
from typing import Any

import pytest

from ledger.money import Money
from ledger.observations import (
    ChargeObserved,
    InvoiceObserved,
    InvoicePaymentObserved,
    Observation,
    PaymentObserved,
    SubscriptionObserved,
)
from ledger.providers.stripe.versions import (
    LAST_STEP,
    NEWEST_KNOWN_VERSION,
    STEPS,
    is_unknown,
    upcast,
)
from tests.ledger.providers.stripe import objects, old_objects
from tests.ledger.providers.stripe.objects import NOW, Json
from tests.ledger.providers.stripe.payloads import API, EVENTS, event, observe, said

SUBSCRIPTIONS = {
    "2014-09-08": old_objects.subscription_2014(),
    "2017-12-14": old_objects.subscription_2017(),
    "2018-02-28": old_objects.subscription_2018(),
    "2020-08-27": old_objects.subscription_2020(),
    "2022-11-15": old_objects.subscription_2020(),
    "2024-06-20": old_objects.subscription_2020(),
    "2025-03-31.basil": objects.subscription(),
    API: objects.subscription(),
}
INVOICES = {
    "2017-12-14": old_objects.invoice_2017(),
    "2018-02-28": old_objects.invoice_2017(),
    "2020-08-27": old_objects.invoice_2020(),
    "2022-11-15": old_objects.invoice_2022(),
    "2024-06-20": old_objects.invoice_2022(),
    "2025-03-31.basil": objects.invoice(),
    API: objects.invoice(),
}


def state(observations: tuple[Observation, ...]) -> Any:
    """How the object of the first observation stands."""
    first = observations[0]
    assert isinstance(first, SubscriptionObserved | InvoiceObserved | PaymentObserved)
    snapshot = first.terms if isinstance(first, PaymentObserved) else first.snapshot
    return snapshot.state if snapshot else None


@pytest.mark.parametrize("version", SUBSCRIPTIONS)
def test_a_subscription_of_any_version_says_the_same(version: str) -> None:
    told = event("customer.subscription.created", SUBSCRIPTIONS[version], api_version=version)
    today = said(EVENTS["customer.subscription.resumed"])
    expected = state(today)

    if version < "2020-08-27":  # a plan had no lookup key; it names its product, or only itself
        features = ("price:plan_1",) if version < "2018-02-05" else ("product:prod_1",)
        assert state(said(told)).features == features
        assert state(said(told)).period == expected.period
        assert state(said(told)).started_at == expected.started_at
    else:
        assert state(said(told)) == expected


@pytest.mark.parametrize("version", INVOICES)
def test_an_invoice_of_any_version_says_the_same(version: str) -> None:
    told = event("invoice.paid", INVOICES[version], api_version=version)

    assert state(said(told)) == state(said(EVENTS["invoice.paid"]))


def test_an_older_charge_without_an_intent_is_the_money_itself() -> None:
    old = objects.charge(payment_intent=None, invoice="in_1", amount_captured=None)

    told, link, settled = said(event("charge.succeeded", old, api_version="2017-12-14"))

    assert isinstance(told, PaymentObserved)
    assert (told.payment_id, told.received and told.received.minor) == ("ch_1", 1000)
    assert link == ChargeObserved("ch_1", "ch_1")
    assert settled == InvoicePaymentObserved("in_1", "ch_1")


def test_a_payment_of_an_invoice_by_a_bare_charge_is_linked_too() -> None:
    paid = objects.invoice_payment(payment={"type": "charge", "charge": "ch_1"})

    assert said(event("invoice_payment.paid", paid)) == (InvoicePaymentObserved("in_1", "ch_1"),)


def test_an_invoice_paid_out_of_band_counts_what_was_due() -> None:
    old = old_objects.invoice_2022(paid_out_of_band=True, amount_paid=0, payment_intent=None)

    bill = state(said(event("invoice.paid", old, api_version="2022-11-15")))

    assert bill.paid.minor == 3000


@pytest.mark.parametrize(("charge", "paid_minor"), [(None, 3000), ("ch_1", 0)])
def test_an_invoice_that_cannot_say_so_was_paid_out_of_band_without_a_charge(
    charge: str | None, paid_minor: int
) -> None:
    old = {**old_objects.invoice_2020(), "amount_paid": 0, "charge": charge}

    assert upcast(old, "2020-08-27")["amount_paid"] == paid_minor


@pytest.mark.parametrize(("status", "flags"), old_objects.STATUSES_BEFORE_2019)
def test_an_invoice_without_a_status_tells_it_by_its_flags(status: str, flags: Json) -> None:
    old = old_objects.invoice_2017(**{"paid": False, **flags})

    assert upcast(old, "2017-12-14")["status"] == status


def test_an_older_session_lists_what_it_sold() -> None:
    items = [{"amount": 300, "quantity": 2, "currency": "eur"}, {"amount": 50, "quantity": 1}]
    old = objects.session(display_items=items)
    for later in ("amount_total", "currency", "mode", "payment_status"):
        del old[later]

    told = said(event("checkout.session.completed", old, api_version="2019-12-03"))[0]

    assert isinstance(told, PaymentObserved)
    assert (told.outcome, told.received) == ("paid", Money(650, "eur"))


def test_an_older_session_is_of_the_mode_of_what_it_made() -> None:
    made = {"payment": {}, "setup": {"setup_intent": "seti_1"}, "subscription": {}}
    made["subscription"] = {"subscription": "sub_1"}
    for mode, fields in made.items():
        old = objects.session(mode=None, **fields)
        assert upcast(old, "2020-03-02")["mode"] == mode


def test_a_checkout_session_from_before_it_had_a_time_takes_its_events() -> None:
    old = objects.session()
    del old["created"]

    terms = state(said(event("checkout.session.completed", old, api_version="2019-12-03")))

    assert terms.opened_at.timestamp() == NOW


OLD = [(version, obj) for kinds in (SUBSCRIPTIONS, INVOICES) for version, obj in kinds.items()]


@pytest.mark.parametrize(("version", "obj"), OLD)
def test_the_object_that_came_is_never_changed(version: str, obj: Json) -> None:
    untouched = deepcopy(obj)

    upcast(obj, version)

    assert obj == untouched


@pytest.mark.parametrize(("version", "obj"), OLD)
def test_what_is_in_the_newest_shape_stays_as_it_is(version: str, obj: Json) -> None:
    once = upcast(obj, version)

    assert upcast(once, version) == once


def test_steps_are_in_the_order_of_their_versions() -> None:
    dates = [since for since, _ in STEPS]

    assert dates == sorted(dates)
    assert upcast(OLD[0][1], LAST_STEP) is OLD[0][1]


def test_a_version_is_its_date_whatever_follows() -> None:
    told = event("invoice.paid", old_objects.invoice_2020(), api_version="2020-08-27; orders_v3")

    assert state(said(told)) == state(said(EVENTS["invoice.paid"]))


def test_an_unknown_future_version_is_read_as_the_newest_known_and_says_so() -> None:
    known, future = (
        observe(EVENTS["invoice.paid"] | {"api_version": version})
        for version in (NEWEST_KNOWN_VERSION, "2031-01-01.xyz")
    )

    assert (known.note, future.note) == (None, "read as API 2026-10-28.endive")
    assert future.observations == known.observations
    assert [
        is_unknown(version) for version in (None, "2016-03-07; x=v3", "2026-10-29.preview")
    ] == [*(False, False, True)]


ODD: tuple[Any, ...] = (None, 7, "x", [], [7], {}, {"data": 7}, {"data": [None, {"plan": 7}]})


@pytest.mark.parametrize("version", [None, "2017-12-14", "2020-08-27", "2024-06-20"])
def test_no_value_of_a_field_trips_the_way_into_todays_shape(version: str | None) -> None:
    for obj in [obj for _, obj in OLD]:
        for field in obj:
            for odd in ODD:
                upcast({**obj, field: odd}, version)
