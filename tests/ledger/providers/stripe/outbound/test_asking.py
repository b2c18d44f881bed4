"""Every write is done once, takes bounded time, and fails by a name of ours."""

from __future__ import annotations

import logging
import traceback
from typing import Any

import pytest

from ledger.providers.outbound import NewCustomer, Outbound
from ledger.providers.problems import (
    CardDeclined,
    ProviderAccountRefused,
    ProviderBadRequest,
    ProviderKeyRefused,
    ProviderNotFound,
    ProviderProblem,
    ProviderRateLimited,
    ProviderUnavailable,
)
from ledger.providers.stripe.client import API_VERSION
from ledger.providers.stripe.outbound.asking import idempotency_key
from tests.ledger.providers.stripe.outbound.scripted import KEY, Script

ANN = NewCustomer("ann", "ann@example.org", "Ann")
MADE = {"id": "cus_1", "object": "customer"}


def refused(type_: str = "invalid_request_error", **more: str) -> dict[str, Any]:
    return {"error": {"type": type_, "message": "told so", **more}}


def test_a_write_carries_our_key_the_version_and_the_account(stripe: Script) -> None:
    stripe.then(200, MADE)
    outbound: Outbound = stripe.outbound(account="acct_9")

    assert outbound.create_customer("shopper/ann:1", ANN) == "cus_1"

    [asked] = stripe.asked
    assert asked.key == "shopper/ann:1"
    assert asked.headers["Stripe-Version"] == API_VERSION
    assert asked.headers["Stripe-Account"] == "acct_9"
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.form == {
        "metadata[user_id]": "ann",
        "email": "ann@example.org",
        "name": "Ann",
    }


def test_the_platform_names_no_account_and_reading_takes_no_key(stripe: Script) -> None:
    stripe.then(200, {"id": "seti_1", "status": "succeeded", "client_secret": "s"})

    stripe.outbound().setup("seti_1")

    [asked] = stripe.asked
    assert "Stripe-Account" not in asked.headers
    assert asked.key is None


@pytest.mark.parametrize("key", ["x" * 256, "shopper/Zoë", "two words", "", "a\r\nb: c"])
def test_a_key_stripe_would_not_take_is_told_by_its_hash(key: str) -> None:
    told = idempotency_key(key)

    assert len(told) <= 255
    assert told.isascii()
    assert told.isprintable()
    assert told == idempotency_key(key)
    assert told != idempotency_key(key + "x")


def test_a_key_that_will_do_stays_as_it_is() -> None:
    assert idempotency_key("x" * 255) == "x" * 255


def test_a_short_failure_is_met_by_asking_again_with_the_same_key(stripe: Script) -> None:
    stripe.then(503, refused("api_error"))
    stripe.answers.append(None)  # it hung up: whether it was done nobody knows
    stripe.then(200, MADE)

    assert stripe.outbound(retries=2).create_customer("key", ANN) == "cus_1"

    assert [asked.key for asked in stripe.asked] == ["key"] * 3


def test_a_long_failure_ends(stripe: Script) -> None:
    for _ in range(3):
        stripe.then(500, refused("api_error"))

    with pytest.raises(ProviderUnavailable):
        stripe.outbound(retries=2).create_customer("key", ANN)

    assert len(stripe.asked) == 3


def test_silence_is_not_waited_for_without_end(stripe: Script) -> None:
    stripe.silent = True

    with pytest.raises(ProviderUnavailable):
        stripe.outbound(patience_seconds=0.1).create_customer("key", ANN)


@pytest.mark.parametrize(
    ("status", "body", "problem"),
    [
        (400, refused(), ProviderBadRequest),
        (400, refused("idempotency_error"), ProviderBadRequest),
        (400, refused(code="resource_missing"), ProviderNotFound),
        (404, refused(), ProviderNotFound),
        (401, refused(), ProviderKeyRefused),
        (403, refused(), ProviderKeyRefused),
        (409, refused("idempotency_error", code="idempotency_key_in_use"), ProviderUnavailable),
        (429, refused("rate_limit_error"), ProviderRateLimited),
        (500, refused("api_error"), ProviderUnavailable),
        (502, b"<html>Bad Gateway</html>", ProviderUnavailable),
    ],
)
def test_each_failure_has_its_name(
    status: int, body: Any, problem: type[ProviderProblem], stripe: Script
) -> None:
    stripe.then(status, body)

    with pytest.raises(problem, match=r"Customer\.create"):
        stripe.outbound().create_customer("key", ANN)


@pytest.mark.parametrize("said", ["17", None])
def test_when_to_ask_again_is_passed_on_as_it_was_said(said: str | None, stripe: Script) -> None:
    stripe.retry_after = said
    stripe.then(429, refused("rate_limit_error"))

    with pytest.raises(ProviderRateLimited) as problem:
        stripe.outbound().create_customer("key", ANN)

    assert problem.value.retry_after == said


def test_an_account_out_of_reach_is_told_from_a_wrong_key(stripe: Script) -> None:
    stripe.then(403, refused())

    with pytest.raises(ProviderAccountRefused):
        stripe.outbound(account="acct_9").create_customer("key", ANN)


def test_a_card_that_is_declined_says_why_in_words_for_its_holder(stripe: Script) -> None:
    stripe.declines(decline_code="insufficient_funds", message="Your card has insufficient funds.")
    stripe.declines(code="expired_card", message="Your card has expired.")

    told = []
    for _ in range(2):
        with pytest.raises(CardDeclined) as problem:
            stripe.outbound().create_customer("key", ANN)
        told.append((problem.value.declined_for, problem.value.sentence))

    assert told == [
        ("insufficient_funds", "Your card has insufficient funds."),
        ("expired_card", "Your card has expired."),
    ]


@pytest.mark.parametrize(
    "odd", [b"", b"{", b"[]", b"null", b"7", b'"x"', b"{}", b'{"id": 7}', b'{"id": null}']
)
def test_an_answer_of_another_shape_is_no_answer(odd: bytes, stripe: Script) -> None:
    stripe.then(200, odd)

    with pytest.raises(ProviderUnavailable):
        stripe.outbound().create_customer("key", ANN)


def test_a_list_that_never_ends_is_no_answer(stripe: Script) -> None:
    stripe.then(200, {"id": "cus_1", "object": "customer"})
    stripe.then(200, {"object": "list", "data": [], "has_more": True})

    with pytest.raises(ProviderUnavailable, match="empty page"):
        stripe.outbound().cards("cus_1")


@pytest.mark.parametrize("strange", ["../prices", "a?b=c", "a#b", "//evil.example", "%2e"])
def test_an_id_is_never_a_way_to_somewhere_else(strange: str, stripe: Script) -> None:
    stripe.then(404, refused())

    with pytest.raises(ProviderNotFound):
        stripe.outbound().payment(strange)

    [asked] = stripe.asked
    assert asked.path.startswith("/v1/payment_intents/")
    assert asked.path.count("/") == 3


def test_the_key_is_never_told(stripe: Script, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    outbound = stripe.outbound()
    told = [repr(outbound), str(outbound)]
    stripe.then(401, {"error": {"message": f"Invalid API Key provided: {KEY}"}})
    stripe.declines(message=f"Odd: {KEY}")
    for _ in range(2):
        with pytest.raises(ProviderProblem) as problem:
            outbound.create_customer("key", ANN)
        told += traceback.format_exception(problem.value)

    assert "Invalid API Key provided: the key" in "".join(told)
    assert "hunter2" not in "".join(told) + caplog.text
