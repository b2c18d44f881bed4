"""On accounts of older API versions things happen in another order, and come to the same."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest

from web.sandbox import Year, simulate
from web.sandbox.render.versions import VERSIONS
from web.sandbox.truth.timeline import NEWEST, Timeline

START = datetime(2026, 1, 1, tzinfo=UTC)
CUSTOMERS = 60
Event = dict[str, Any]


@cache
def year(version: str) -> Year:
    return simulate(seed=7, customers=CUSTOMERS, start=START, api_version=version)


def of(events: list[Event], key: str) -> list[str]:
    """The types of the events about one object."""
    return [event["type"] for event in events if event["data"]["object"]["id"] == key]


def subscription_visits(told: Year) -> list[Event]:
    return [
        event["data"]["object"]
        for event in told.events
        if event["type"] == "checkout.session.completed" and event["data"]["object"]["subscription"]
    ]


@pytest.mark.parametrize("version", VERSIONS)
def test_events_of_every_version_are_unique_and_in_order_of_time(version: str) -> None:
    events = year(version).events
    assert [event["created"] for event in events] == sorted(event["created"] for event in events)
    assert Counter(event["id"] for event in events).most_common(1)[0][1] == 1
    assert {event["api_version"] for event in events} == {version}
    assert len(events) == len(year(version).facts)


def test_checkout_subscribes_before_it_is_paid_until_2025() -> None:
    visits = subscription_visits(year("2022-11-15"))
    assert visits
    for visit in visits:
        events = year("2022-11-15").events
        begun = of(events, visit["subscription"])[:2]
        assert begun == ["customer.subscription.created", "customer.subscription.updated"]
        told = [event["data"]["object"] for event in events]
        status = [each["status"] for each in told if each["id"] == visit["subscription"]]
        assert status[:2] == ["incomplete", "active"]
        paid = next(each for each in told if each.get("invoice") == visit["invoice"])
        assert paid["object"] == "payment_intent"
        assert told.index(paid) > next(
            n for n, each in enumerate(told) if each["id"] == visit["invoice"]
        )


def test_checkout_is_paid_before_it_subscribes_since_2025() -> None:
    for visit in subscription_visits(year(NEWEST)):
        assert of(year(NEWEST).events, visit["subscription"])[0] == "customer.subscription.created"
        told = [event["data"]["object"] for event in year(NEWEST).events]
        first = next(each for each in told if each["id"] == visit["subscription"])
        assert first["status"] == "active"


def test_a_session_has_its_payment_from_the_beginning_until_2022() -> None:
    events = year("2020-08-27").events
    expired = [event for event in events if event["type"] == "checkout.session.expired"]
    assert expired
    for event in expired:
        visit = event["data"]["object"]
        types = of(events, visit["payment_intent"])
        assert types == ["payment_intent.created", "payment_intent.canceled"]
    created = {
        event["data"]["object"]["id"]: event["created"]
        for event in events
        if event["type"] == "payment_intent.created"
    }
    paid = [event["data"]["object"] for event in events if event["type"].endswith(".completed")]
    named = [visit for visit in paid if visit["payment_intent"]]
    assert named
    assert all(created[visit["payment_intent"]] == visit["created"] for visit in named)


def test_a_charge_knows_its_transaction_at_once_until_2024() -> None:
    for version, at_once in (("2022-11-15", True), ("2025-03-31.basil", False)):
        charges = [
            event["data"]["object"]
            for event in year(version).events
            if event["type"] == "charge.succeeded"
        ]
        assert {bool(charge["balance_transaction"]) for charge in charges} == {at_once}


def test_an_upgrade_changes_the_versions_of_events_from_its_moment_on() -> None:
    moment = int(START.timestamp()) + 90 * 86400
    timeline = Timeline("2020-08-27", ((moment, NEWEST),))
    told = simulate(seed=7, customers=20, start=START, api_version=timeline)
    for event in told.events:
        assert event["api_version"] == (NEWEST if event["created"] >= moment else "2020-08-27")
    assert timeline.versions == ("2020-08-27", NEWEST)
