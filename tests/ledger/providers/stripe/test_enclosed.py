"""What older objects say of others is observed as what says it today."""

import pytest

from ledger.errors import Refusal
from ledger.observations import (
    ChargeObserved,
    InvoicePaymentObserved,
    Observation,
    RefundObserved,
    SaleObserved,
)
from tests.ledger.providers.stripe import objects, old_objects
from tests.ledger.providers.stripe.objects import Json
from tests.ledger.providers.stripe.payloads import API, event, observe, said

BEFORE_2020 = "2019-12-03"
BEFORE_2022_11 = "2020-08-27"
BEFORE_BASIL = "2024-06-20"
NEWER = ("2025-03-31.basil", API)
PAYMENTS = {
    "payment_intent.created": objects.payment_intent,
    "charge.succeeded": objects.charge,
}


def besides(type_: str, obj: Json, version: str) -> tuple[Observation, ...]:
    """What the event says beyond what its own object is."""
    return said(event(type_, obj, api_version=version))[1:]


@pytest.mark.parametrize("type_", PAYMENTS)
def test_an_older_payment_names_its_invoice_or_is_a_sale(type_: str) -> None:
    rent, sale = (PAYMENTS[type_](invoice=invoice) for invoice in ("in_1", None))

    assert besides(type_, rent, BEFORE_BASIL) == (InvoicePaymentObserved("in_1", "pi_1"),)
    assert besides(type_, sale, BEFORE_BASIL) == (SaleObserved("pi_1"),)
    assert [besides(type_, rent, version) for version in NEWER] == [(), ()]


@pytest.mark.parametrize(
    ("links", "payment_id"),
    [
        ({"payment_intent": "pi_9", "charge": "ch_9"}, "pi_9"),
        ({"payment_intent": {"id": "pi_9", "object": "payment_intent"}}, "pi_9"),
        ({"payment_intent": None, "charge": "ch_9"}, "ch_9"),
    ],
)
def test_an_older_invoice_names_its_payment(links: Json, payment_id: str) -> None:
    old = {**old_objects.invoice_2022(), "payment_intent": None, **links}

    assert besides("invoice.paid", old, BEFORE_BASIL) == (
        InvoicePaymentObserved("in_1", payment_id),
    )
    assert besides("invoice.paid", objects.invoice(**links), NEWER[0]) == ()


def test_an_older_invoice_without_a_payment_says_nothing_of_it() -> None:
    old = {**old_objects.invoice_2022(), "payment_intent": None}

    assert besides("invoice.paid", old, BEFORE_BASIL) == ()


@pytest.mark.parametrize("type_", ["charge.refunded", "charge.updated"])
def test_an_older_charge_lists_its_refunds(type_: str) -> None:
    inside = [objects.refund(id=f"re_{n}", payment_intent=None, amount=200) for n in (1, 2)]
    old = objects.charge(amount_refunded=400, refunds={"data": inside})

    def found(version: str) -> list[tuple[str, str]]:
        told = said(event(type_, old, api_version=version))
        return [(o.payment_id, o.refund_id) for o in told if isinstance(o, RefundObserved)]

    assert found(BEFORE_2022_11) == [("pi_1", "re_1"), ("pi_1", "re_2")]
    assert found("2022-11-15") == []


def test_before_2020_all_that_name_a_charge_and_its_intent_tie_them() -> None:
    tie = ChargeObserved("ch_1", "pi_1")
    tied = {
        "charge.succeeded": objects.charge(),
        "payment_intent.succeeded": objects.payment_intent(charges={"data": [objects.charge()]}),
        "invoice.paid": {**old_objects.invoice_2020(), "charge": "ch_1", "payment_intent": "pi_1"},
        "charge.refund.updated": objects.refund(),
        "charge.dispute.created": objects.dispute(),
    }
    for type_, obj in tied.items():
        assert tie in besides(type_, obj, BEFORE_2020)
        assert tie not in besides(type_, obj, BEFORE_2022_11)


@pytest.mark.parametrize("odd", [7, [7], {"data": [7]}, {"data": [{}]}])
def test_an_odd_list_is_refused_by_its_path(odd: object) -> None:
    old = objects.charge(refunds=odd)

    with pytest.raises(Refusal, match="refunds"):
        observe(event("charge.refunded", old, api_version=BEFORE_2022_11))
