"""Older API versions' objects say the same as today's."""

from copy import deepcopy
from typing import Any

import pytest

from ledger.observations import (
    InvoiceObserved,
    InvoicePaymentObserved,
    Observation,
    PaymentObserved,
    RefundObserved,
    SubscriptionObserved,
)
from ledger.providers.stripe.versions import upcast
from tests.ledger.providers.stripe import objects, old_objects
from tests.ledger.providers.stripe.objects import NOW, Json
from tests.ledger.providers.stripe.payloads import API, EVENTS, event, said

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


@pytest.mark.parametrize(
    ("version", "link"), [("2017-12-14", None), ("2020-08-27", "pi_9"), (API, None)]
)
def test_an_older_invoice_names_its_payment_itself(version: str, link: str | None) -> None:
    told = said(event("invoice.paid", INVOICES[version], api_version=version))

    assert isinstance(told[0], InvoiceObserved)
    assert told[0].payment_id == link


def test_an_older_payment_that_names_no_invoice_is_a_sale() -> None:
    sale = objects.payment_intent(invoice=None)
    rent = objects.payment_intent(invoice="in_1")

    def one_off(intent: Json, version: str) -> tuple[bool, str | None]:
        terms = state(said(event("payment_intent.created", intent, api_version=version)))
        return terms.one_off, terms.invoice_id

    assert one_off(sale, "2022-11-15") == (True, None)
    assert one_off(rent, "2022-11-15") == (False, "in_1")
    assert one_off(objects.payment_intent(), API) == (False, None)


def test_an_older_charge_holds_its_refunds() -> None:
    inside = objects.refund(id="re_7", payment_intent=None, charge="ch_1", amount=400)
    old = objects.charge(amount_refunded=400, refunds={"data": [inside]}, payment_intent=None)

    told = said(event("charge.refunded", old, api_version="2020-08-27"))

    refund = told[2]
    assert isinstance(refund, RefundObserved)
    assert (refund.payment_id, refund.refund_id) == ("ch_1", "re_7")


def test_an_older_charge_without_an_intent_is_the_money_itself() -> None:
    old = objects.charge(payment_intent=None, invoice="in_1", amount_captured=None)

    told = said(event("charge.succeeded", old, api_version="2017-12-14"))[0]

    assert isinstance(told, PaymentObserved)
    assert (told.payment_id, told.received and told.received.minor) == ("ch_1", 1000)
    assert state((told,)).invoice_id == "in_1"


def test_a_payment_of_an_invoice_by_a_bare_charge_is_linked_too() -> None:
    paid = objects.invoice_payment(payment={"type": "charge", "charge": "ch_1"})

    assert said(event("invoice_payment.paid", paid)) == (InvoicePaymentObserved("in_1", "ch_1"),)


def test_an_invoice_paid_out_of_band_counts_what_was_due() -> None:
    old = old_objects.invoice_2022(paid_out_of_band=True, amount_paid=0, payment_intent=None)

    bill = state(said(event("invoice.paid", old, api_version="2022-11-15")))

    assert bill.paid.minor == 3000


@pytest.mark.parametrize(("status", "flags"), old_objects.STATUSES_BEFORE_2019)
def test_an_invoice_without_a_status_tells_it_by_its_flags(status: str, flags: Json) -> None:
    old = old_objects.invoice_2017(**{"paid": False, **flags})

    assert upcast(old, "2017-12-14")["status"] == status


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


ODD: tuple[Any, ...] = (None, 7, "x", [], [7], {}, {"data": 7}, {"data": [None, {"plan": 7}]})


@pytest.mark.parametrize("version", [None, "2017-12-14", "2020-08-27", "2024-06-20"])
def test_no_value_of_a_field_trips_the_way_into_todays_shape(version: str | None) -> None:
    for obj in [obj for _, obj in OLD]:
        for field in obj:
            for odd in ODD:
                upcast({**obj, field: odd}, version)
