"""What cannot be read is refused with a path, and no payload does anything worse."""

import json
from collections.abc import Iterator
from contextlib import suppress
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import Refusal
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.payloads import MOST_MINOR
from ledger.providers.stripe.readers import READERS
from tests.ledger.providers.stripe.objects import (
    Json,
    charge,
    customer,
    invoice,
    line,
    payment_intent,
    refund,
    session,
    subscription,
)
from tests.ledger.providers.stripe.payloads import EVENTS, delivery, event, observe, said

PI = "payment_intent.succeeded"
WRONG: dict[str, tuple[str, Json, str]] = {
    "a missing id": (PI, payment_intent(id=None), "$.id"),
    "an empty id": (PI, payment_intent(id=""), "$.id"),
    "an endless id": (PI, payment_intent(id="p" * 256), "$.id"),
    "a negative amount": (PI, payment_intent(amount=-1), "$.amount"),
    "a huge amount": (PI, payment_intent(amount_received=MOST_MINOR + 1), "$.amount_received"),
    "half a cent": (PI, payment_intent(amount=10.5), "$.amount"),
    "an amount in words": (PI, payment_intent(amount="10"), "$.amount"),
    "a yes for an amount": (PI, payment_intent(amount=True), "$.amount"),
    "a time in words": (PI, payment_intent(created="now"), "$.created"),
    "a time without end": (PI, payment_intent(created=10**15), "$.created"),
    "metadata that is a list": (PI, payment_intent(metadata=[]), "$.metadata"),
    "metadata of numbers": (PI, payment_intent(metadata={"credits": 5}), "$.metadata[...]"),
    "a customer that is a number": (PI, payment_intent(customer=7), "$.customer"),
    "a customer without an id": (PI, payment_intent(customer={}), "$.customer"),
    "a currency nobody knows": (PI, payment_intent(currency="xyz"), "'xyz' is not a currency"),
    "a currency in capitals": (PI, payment_intent(currency="USD"), "'USD' is not a currency"),
    "a captured no number": ("charge.captured", charge(amount_captured="x"), "$.amount_captured"),
    "a refund of less than nothing": ("refund.created", refund(amount=-5), "$.amount"),
    "a session's odd total": (
        *("checkout.session.completed", session(amount_total=-5)),
        "$.amount_total",
    ),
    "an item without a price": (
        *("customer.subscription.created", subscription(items={"data": [{"id": "si_1"}]})),
        "`price` - at `$.items.data[0]`",
    ),
    "a line without its time": (
        *("invoice.paid", invoice(lines={"data": [line(), line(period=None)]})),
        "$.lines.data[1].period",
    ),
    "a status of an invoice nobody knows": (
        *("invoice.paid", invoice(status="parked")),
        "'parked' is no status of an invoice",
    ),
    "an id beyond ASCII": (PI, payment_intent(customer="cus_\u00e9"), "$.customer"),
    "a user id longer than a key may be": (
        *("customer.created", customer(metadata={"user_id": "\u00e9" * 251})),
        "user_id has 502 bytes, 500 at most",
    ),
    "a reference longer than a key may be": (
        *("checkout.session.completed", session(client_reference_id="u" * 501)),
        "client_reference_id has 501 bytes",
    ),
    "a period that ends after the year 3000": (
        *("customer.subscription.created", subscription(trial_end=32_503_680_000)),
        "$.trial_end",
    ),
    "a deleted customer that is a number": (
        *("customer.deleted", customer(created="x")),
        "$.created",
    ),
}


@pytest.mark.parametrize("story", WRONG)
def test_a_wrong_value_is_refused_with_its_place(story: str) -> None:
    type_, obj, place = WRONG[story]

    with pytest.raises(Refusal) as refusal:
        observe(event(type_, obj))

    assert place in str(refusal.value)


@pytest.mark.parametrize("type_", EVENTS)
def test_an_object_of_nothing_is_refused_by_what_is_missing(type_: str) -> None:
    with pytest.raises(
        Refusal, match=rf"{type_} cannot be read: Object missing .* `(id|customer|currency)`"
    ):
        observe(event(type_, {}))


@pytest.mark.parametrize("data", [None, [], "x", {}, {"object": None}, {"object": [1]}])
def test_an_event_without_an_object_is_refused(data: Any) -> None:
    with pytest.raises(Refusal, match="cannot be read"):
        observe(EVENTS[PI] | {"data": data})


@pytest.mark.parametrize("previous", [7, [], "x", {"items": 7}, {"status": {"a": 1}}])
def test_an_odd_past_is_refused(previous: Any) -> None:
    told = event("customer.subscription.updated", subscription(), before=previous)

    with pytest.raises(Refusal, match="cannot be read"):
        observe(told)


def test_a_status_an_invoice_never_had_is_refused() -> None:
    told = event("invoice.updated", invoice(), before={"status": "parked"})

    with pytest.raises(Refusal, match="'parked' is no status of an invoice"):
        observe(told)


def test_texts_with_a_nul_are_taken_without_it() -> None:
    told = customer(name="An\0n", metadata={"user_id": "a\0nn", "\0": "x"})

    observed = repr(said(event("customer.created", told)))

    assert "\\x00" not in observed
    assert "a\ufffdnn" in observed


def test_a_backslash_before_u0000_stays_readable() -> None:
    raw = json.dumps(event("customer.created", customer(name="\\u0000 \\\0")))

    assert json.loads(raw)["data"]["object"]["name"] == "\\u0000 \\\0"
    assert repr("\\u0000 \\\ufffd") in repr(said(json.loads(raw)))


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside `value`."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield (*path, key)
        if isinstance(inner, dict | list):
            yield from places(inner, (*path, key))


PLACES = [(type_, path) for type_, told in EVENTS.items() for path in places(told["data"])]
ODD: tuple[Any, ...] = (
    *(None, True, 0, -1, 1.5, MOST_MINOR + 1, -(10**30), "", "x", "\0", "x" * 6000, [], {}, [[]]),
    *({"id": "x"}, {"data": [{}]}, [{"id": None}], "9" * 5000, 253_402_300_800),
)


def changed(told: Json, path: tuple[Any, ...], value: Any) -> Json:
    """The event with one value inside its data replaced."""
    told = deepcopy(told)
    inner = told["data"]
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return told


@settings(max_examples=400)
@given(st.sampled_from(PLACES), st.sampled_from(ODD), st.sampled_from([None, "2017", "2022", "z"]))
def test_any_odd_value_anywhere_is_taken_or_refused(
    place: tuple[str, tuple[Any, ...]], value: Any, version: str | None
) -> None:
    type_, path = place

    with suppress(Refusal):  # anything else fails the test
        observe(changed(EVENTS[type_], path, value) | {"api_version": version})


def test_a_past_of_any_depth_is_taken_or_refused() -> None:
    depth = 5000
    deep = b'{"a":' * depth + b"1" + b"}" * depth
    told = delivery(EVENTS["invoice.updated"])
    raw = told.body.replace(b'"attempt_count": 0', b'"attempt_count": ' + deep)
    broken = type(told)(told.envelope, told.received_at, {}, raw)

    with pytest.raises(Refusal, match="cannot be read"):
        StripeObserver(READERS).observe(broken)
