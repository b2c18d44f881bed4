"""Stripe's API is asked over real HTTP by Stripe's own library, and its errors have names."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ledger.providers.problems import (
    ProviderAccountRefused,
    ProviderBadRequest,
    ProviderKeyRefused,
    ProviderNotFound,
    ProviderProblem,
    ProviderRateLimited,
    ProviderUnavailable,
)
from ledger.providers.stripe.client import API_VERSION
from ledger.providers.stripe.gateway import EventQuery
from ledger.providers.stripe.receiver import envelope
from tests.ledger.providers.stripe.objects import NOW
from tests.ledger.providers.stripe.payloads import event
from tests.ledger.providers.stripe.stand_in import KEY, SECRET, StandIn, stand_in
from web.sandbox.api import notification

MONTH_AGO = datetime.fromtimestamp(NOW, UTC) - timedelta(days=30)
ALL = EventQuery(MONTH_AGO)
EVENTS = [
    event("customer.created", {"id": f"cus_{number}", "object": "customer"}, number / 1000 - 1)
    for number in range(250)
]


@pytest.fixture
def stripe() -> Iterator[StandIn]:
    with stand_in(EVENTS) as found:
        yield found


def ids(pages: Iterator[list[bytes]]) -> list[str]:
    return [envelope(body).event_id for page in pages for body in page]


def test_all_pages_are_listed_the_newest_first(stripe: StandIn) -> None:
    pages = list(stripe.gateway().pages(ALL))

    assert [len(page) for page in pages] == [100, 100, 50]
    assert ids(iter(pages)) == [each["id"] for each in reversed(EVENTS)]
    assert len(stripe.asked) == 3


def test_each_event_comes_as_the_bytes_that_were_sent(stripe: StandIn) -> None:
    [first, *_] = next(stripe.gateway().pages(ALL))
    newest = EVENTS[-1]

    assert json.loads(first) == newest
    assert b'\n      "id": ' in first  # laid out as the list it came in, not made anew
    assert json.loads(stripe.gateway().event(newest["id"])) == newest


def test_what_is_asked_for_can_be_narrowed(stripe: StandIn) -> None:
    old = event("invoice.paid", {"id": "in_1", "object": "invoice"}, -5)
    new = event("invoice.paid", {"id": "in_2", "object": "invoice"})
    theirs = event("invoice.paid", {"id": "in_3", "object": "invoice"}, account="acct_9")
    for each in (old, new, theirs):
        stripe.shelf.add(each)
    stripe.shelf.undelivered.add(old["id"])
    gateway = stripe.gateway()

    def found(**query: Any) -> list[str]:
        return ids(gateway.pages(EventQuery(**{"since": MONTH_AGO, **query})))

    assert found(types=["invoice.paid", "invoice.voided"]) == [new["id"], old["id"]]
    assert found(delivered=False) == [old["id"]]
    assert found(account="acct_9") == [theirs["id"]]
    assert found(since=MONTH_AGO + timedelta(days=30)) == [new["id"]]


def test_every_request_is_pinned_to_one_version_and_one_key(stripe: StandIn) -> None:
    list(stripe.gateway().pages(EventQuery(MONTH_AGO, account="acct_9")))
    [call] = stripe.failures.calls

    assert call.headers["Stripe-Version"] == API_VERSION
    assert call.headers["Authorization"] == f"Bearer {KEY}"
    assert call.headers["Stripe-Account"] == "acct_9"


def test_a_thin_event_names_its_snapshot_if_it_has_one(stripe: StandIn) -> None:
    paid = event("invoice.paid", {"id": "in_1", "object": "invoice"}, account="acct_9")
    unpaid = event("customer.subscription.unpaid", {"id": "sub_1", "object": "subscription"})
    stripe.shelf.add(paid)
    stripe.shelf.add(unpaid)
    gateway = stripe.gateway()

    with_twin = gateway.thin_event(notification(paid)["id"], "acct_9")
    without = gateway.thin_event(notification(unpaid)["id"])

    assert with_twin.snapshot_event == paid["id"]
    assert without.snapshot_event is None
    first, second = stripe.failures.calls
    assert first.headers["Stripe-Context"] == "acct_9"
    assert "Stripe-Context" not in second.headers


def test_an_empty_list_is_no_page(stripe: StandIn) -> None:
    assert list(stripe.gateway().pages(EventQuery(MONTH_AGO, ["payout.paid"]))) == []


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (400, ProviderBadRequest),
        (401, ProviderKeyRefused),
        (403, ProviderKeyRefused),
        (429, ProviderRateLimited),
        (500, ProviderUnavailable),
        (503, ProviderUnavailable),
    ],
)
def test_each_failure_has_its_name(
    status: int, problem: type[ProviderProblem], stripe: StandIn
) -> None:
    stripe.failures.always = status
    calls = (
        lambda: list(stripe.gateway().pages(ALL)),
        lambda: stripe.gateway().event("evt_1"),
        lambda: stripe.gateway().thin_event("evt_1"),
    )
    for call in calls:
        with pytest.raises(problem, match=f"told to fail with {status}"):
            call()


def test_an_account_out_of_reach_is_told_from_a_wrong_key(stripe: StandIn) -> None:
    stripe.failures.always = 403

    with pytest.raises(ProviderAccountRefused):
        list(stripe.gateway().pages(EventQuery(MONTH_AGO, account="acct_9")))
    with pytest.raises(ProviderAccountRefused):
        stripe.gateway().event("evt_1", "acct_9")


def test_what_is_not_there_is_named(stripe: StandIn) -> None:
    gateway = stripe.gateway()

    for call in (gateway.event, gateway.thin_event):
        with pytest.raises(ProviderNotFound, match="'evt_1'"):
            call("evt_1")


@pytest.mark.parametrize("strange", ["../customers", "a?b=c", "a#b", "//evil.example", "%2e"])
def test_an_id_is_never_a_way_to_somewhere_else(strange: str, stripe: StandIn) -> None:
    with pytest.raises(ProviderNotFound):
        stripe.gateway().event(strange)

    [path] = stripe.asked
    assert path.startswith("/v1/events/")


def test_a_short_failure_is_met_by_trying_again_and_a_long_one_ends(stripe: StandIn) -> None:
    stripe.failures.soon.extend([503, None])
    assert stripe.gateway(retries=1).event(EVENTS[0]["id"])

    stripe.failures.always = 500
    with pytest.raises(ProviderUnavailable):
        stripe.gateway(retries=1).event(EVENTS[0]["id"])
    assert len(stripe.asked) == 4


def test_nobody_answering_is_named_too() -> None:
    with stand_in() as gone:
        gateway = gone.gateway()
    with pytest.raises(ProviderUnavailable):
        gateway.event("evt_1")
    gateway.close()


def test_the_key_is_never_told(stripe: StandIn, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    gateway = stripe.gateway()
    told = [repr(gateway), str(gateway)]
    for status in (401, 429, 500):
        stripe.failures.soon.append(status)
        with pytest.raises(ProviderProblem) as problem:
            gateway.event("evt_1")
        told += traceback.format_exception(problem.value)
    with pytest.raises(ProviderKeyRefused) as problem:
        stripe.gateway("_".join(["sk_live", SECRET])).event("evt_1")
    told += traceback.format_exception(problem.value)

    assert "Invalid API Key provided: the key" in told[-1]
    assert SECRET not in "".join(told) + caplog.text
