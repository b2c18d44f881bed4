"""A simulated year repeats itself, and looks like one of Stripe's."""

from collections import Counter
from datetime import UTC, datetime

import pytest

from web.sandbox import Year, simulate
from web.sandbox.lives.stories import STORIES
from web.sandbox.render.versions import UnknownVersion

START = datetime(2026, 1, 1, tzinfo=UTC)


def test_the_same_seed_tells_the_same_bytes() -> None:
    one, other = (simulate(seed=3, customers=12, start=START) for _ in range(2))
    assert list(one.bodies()) == list(other.bodies())
    assert one.spends == other.spends


def test_another_seed_tells_another_year() -> None:
    one, other = (simulate(seed=seed, customers=12, start=START) for seed in (3, 4))
    assert list(one.bodies()) != list(other.bodies())


def test_nothing_happens_after_the_last_day() -> None:
    year = simulate(seed=3, customers=5, start=START, days=90)
    assert all(event["created"] < START.timestamp() + 90 * 86400 + 1 for event in year.events)


def test_every_life_story_is_lived(year: Year) -> None:
    assert set(year.stories) == {story.name for story in STORIES}


def test_event_ids_are_unique(year: Year) -> None:
    assert len({event["id"] for event in year.events}) == len(year.events)


def test_events_come_in_order_of_time_and_several_in_one_second(year: Year) -> None:
    times = [event["created"] for event in year.events]
    assert times == sorted(times)
    assert max(Counter(times).values()) >= 10


def test_three_hundred_customers_make_a_realistic_number_of_events() -> None:
    year = simulate(seed=1, customers=300, start=START)
    assert 15_000 <= len(year.truth.facts) <= 25_000


def test_connected_accounts_are_named_on_the_envelope(year: Year) -> None:
    accounts = {event.get("account", "") for event in year.events}
    assert "" in accounts
    assert len(accounts) == 3


def test_all_event_types_of_the_stories_occur(year: Year) -> None:
    types = {event["type"] for event in year.events}
    assert types >= {
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
        "charge.refunded",
        "checkout.session.async_payment_failed",
        "checkout.session.async_payment_succeeded",
        "checkout.session.expired",
        "customer.deleted",
        "customer.subscription.paused",
        "customer.subscription.trial_will_end",
        "invoice.marked_uncollectible",
        "invoice.payment_failed",
        "invoice.voided",
        "payment_intent.canceled",
        "refund.failed",
    }


def test_an_unknown_api_version_is_refused() -> None:
    year = simulate(seed=1, customers=1, start=START, api_version="1999-01-01")
    with pytest.raises(UnknownVersion):
        list(year.bodies())
