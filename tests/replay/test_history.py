"""History covers every event, from the customer, the stream and the delivery, and back again."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from ledger.aggregates.bookkeeping import BatchKept
from ledger.application import Inbox
from ledger.cli import main
from ledger.delivery import CATEGORY, Delivery
from ledger.ids import parse_stream
from ledger.store.names import Names
from replay.history import received
from replay.past import Past, Recorded, recorded
from replay.whose import Whose
from tests.ledger.providers.stripe import payloads
from tests.ledger.providers.stripe.objects import payment_intent
from tests.replay.living import nobodys


def billing(url: str, *arguments: str) -> Result:
    return CliRunner(env={"DATABASE_URL": url}).invoke(main, arguments)


@pytest.fixture
def all_events(past: Past) -> list[Recorded]:
    return [recorded(entry) for entry in past.ledger.entries(0, 10**6)]


@pytest.fixture
def deliveries(past: Past) -> list[Delivery]:
    return [Delivery.from_state(state) for page in past.inbox.pages(0) for *_, state in page]


def test_every_event_is_told_by_the_delivery_that_caused_it(
    past: Past, all_events: list[Recorded], deliveries: list[Delivery]
) -> None:
    told = {
        each.position: each.event
        for delivery in deliveries
        for each in past.of_delivery(delivery.originator_id)
    }
    by_command = {
        each.position: each.event
        for each in all_events
        if not each.event.cause.startswith(f"{CATEGORY}/") and each.position not in told
    }

    assert {each.position: each.event for each in all_events} == told | by_command
    assert {each.cause.split("/")[0] for each in by_command.values()} == {
        *("spend", "claim", "checkout"),
    }


def test_the_events_of_a_delivery_are_its_own(past: Past, deliveries: list[Delivery]) -> None:
    for delivery in deliveries[::7]:
        for each in past.of_delivery(delivery.originator_id):
            if not isinstance(each.event, BatchKept):
                assert delivery.originator_id in (each.event.cause, f"{each.event.cause[6:]}")


def test_every_event_of_a_customer_is_in_their_history(
    past: Past, whose: Whose, all_events: list[Recorded]
) -> None:
    owners: dict[str, set[str]] = {}
    for each in all_events:
        owner = getattr(each.event, "customer_id", None)
        if owner is not None:
            owners.setdefault(owner, set()).add(each.event.originator_id)

    assert len(owners) > 5
    for owner, streams in owners.items():
        assert streams <= set(whose.customer(owner)), owner


def test_a_customer_is_the_same_by_either_id(past: Past, whose: Whose) -> None:
    customers = [each.event for each in past.events(whose.customer("u00001")) if each.event.TOPIC]
    provider = next(
        parse_stream(each.originator_id).key
        for each in customers
        if each.originator_id.startswith("customer/")
    )

    assert whose.customer(provider) == whose.customer("u00001")


def test_a_customer_may_have_an_id_that_looks_like_a_stream(database_url: str) -> None:
    told = payment_intent(metadata={"user_id": "org/ann"})
    with Inbox(database_url, Names(), pool_size=1) as inbox:
        inbox.receive(payloads.delivery(payloads.event("payment_intent.succeeded", told)))
    billing(database_url, "work", "--until-idle")

    result = billing(database_url, "history", "org/ann")

    assert result.exit_code == 0, result.output
    assert "is known as org/ann" in result.stdout
    assert f"payment {told['id']}" in result.stdout


def test_the_history_of_a_customer_is_told_in_order(lived_url: str) -> None:
    story = json.loads(billing(lived_url, "history", "u00001", "--json").stdout)

    positions = [each["position"] for each in story["events"]]
    assert len(positions) >= 10
    assert positions == sorted(positions)
    assert all(each["sentence"] and each["cause"] for each in story["events"])
    told = billing(lived_url, "history", "u00001").stdout
    assert all(each["sentence"] in told for each in story["events"])


def test_an_event_leads_to_its_delivery_and_that_to_the_exact_bytes(
    lived_url: str, past: Past, all_events: list[Recorded]
) -> None:
    event = next(each for each in all_events if each.event.TOPIC == "Purchase.Paid")
    delivery = past.deliveries([event.event.cause])[event.event.cause]

    story = json.loads(billing(lived_url, "history", f"@{event.position}", "--json").stdout)

    assert story["delivery"]["delivery_id"] == event.event.cause
    assert event.position in [each["position"] for each in story["delivery"]["events"]]
    assert [each["table"] for each in story["rows"]] == ["purchases"]
    for subject in (f"@{event.position}", delivery.envelope.event_id, delivery.originator_id):
        assert billing(lived_url, "history", subject, "--body").stdout_bytes == delivery.body


def test_a_delivery_leads_to_the_rows_it_touched(past: Past, all_events: list[Recorded]) -> None:
    granted = next(
        each
        for each in all_events
        if each.event.TOPIC == "CreditWallet.Granted" and each.event.cause.startswith(CATEGORY)
    )

    found = received(past, granted.event.cause)

    assert {"purchases", "balances", "deliveries"} <= {each.table for each in found.rows}
    (balance,) = [each for each in found.rows if each.table == "balances"]
    assert balance.key == granted.event.originator_id
    assert balance.columns["granted"][1]


def test_what_was_refused_and_tried_again_tells_both(lived_url: str) -> None:
    tried = billing(lived_url, "history", nobodys(2).originator_id)
    left = billing(lived_url, "history", nobodys(3).originator_id)

    assert "refused (" in tried.stdout
    assert ", then applied" in tried.stdout
    assert "50 credits" in tried.stdout
    assert "then" not in left.stdout.splitlines()[3]


@pytest.mark.parametrize("subject", ["nobody", "evt_x", "delivery/stripe/test//x", "@999999999"])
def test_what_is_not_known_is_one_sentence(lived_url: str, subject: str) -> None:
    result = billing(lived_url, "history", subject)

    assert result.exit_code == 1
    assert result.output.startswith("Error: no ")
    assert result.output.count("\n") == 1
