"""Facts of the stand-in arrive as signed webhooks, whatever goes wrong on the way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
import stripe

from tests.web.sandbox.api.conftest import KEY
from tests.web.sandbox.fake_endpoint import endpoint
from web.sandbox.api import World, endpoints
from web.sandbox.api.endpoints import Endpoint, Tries
from web.sandbox.api.running import running

SECRET = "whsec_house"
SOON = Tries(seconds=(0.01, 0.01, 0.01))
PAID = ["payment_intent.created", "charge.succeeded", "payment_intent.succeeded"]


@dataclass
class Receiver:
    """A webhook endpoint that checks signatures by Stripe's own library."""

    refuses: int = 0
    events: list[stripe.Event] = field(default_factory=list)

    def take(self, body: bytes, signature: str) -> tuple[int, bytes]:
        if self.refuses:
            self.refuses -= 1
            return 500, b""
        event = stripe.Webhook.construct_event(body, signature, SECRET, api_key=KEY)
        self.events.append(event)
        return 200, b""

    @property
    def types(self) -> list[str]:
        return [event.type for event in self.events]


@dataclass
class Stand:
    """The stand-in, its receiver and a client."""

    world: World
    client: stripe.StripeClient
    receiver: Receiver

    def customers(self, *names: str, account: str | None = None) -> None:
        options: stripe.RequestOptions = {"stripe_account": account} if account else {}
        for name in names:
            self.client.v1.customers.create({"name": name}, options)

    def pays(self) -> list[str]:
        """The events of PAID, in the order in which they came."""
        self.client.v1.payment_intents.create(
            {"amount": 4900, "currency": "usd", "payment_method": "pm_card_visa", "confirm": True}
        )
        assert self.world.sender.wait()
        return [each for each in self.receiver.types if each in PAID]

    def names(self) -> list[str]:
        assert self.world.sender.wait()
        return [event.data.object["name"] for event in self.receiver.events]

    def faults(self, **faults: object) -> None:
        self.client.raw_request("post", "/sandbox/faults", **faults)


@contextmanager
def standing(**options: object) -> Iterator[Stand]:
    receiver, world = Receiver(), World()
    with endpoint(receiver.take) as url:
        target = Endpoint(url, SECRET, **options)  # type: ignore[arg-type]  # options of an endpoint
        with running(world, [target], tries=SOON) as api:
            client = stripe.StripeClient(KEY, base_addresses={"api": api}, max_network_retries=0)
            yield Stand(world, client, receiver)


@pytest.fixture
def stand() -> Iterator[Stand]:
    with standing() as found:
        yield found


def test_every_fact_arrives_signed_and_in_order(stand: Stand) -> None:
    assert stand.pays() == PAID

    listed = stand.client.v1.events.list().data
    assert {event.id for event in stand.receiver.events} <= {event.id for event in listed}


def test_what_was_refused_is_tried_again(stand: Stand) -> None:
    stand.receiver.refuses = 2

    stand.customers("Ada")

    assert stand.names() == ["Ada"]
    assert stand.world.sender.failed == 2
    assert stand.client.v1.events.list({"delivery_success": False}).data == []


def test_after_the_last_try_an_event_is_left_to_be_fetched(stand: Stand) -> None:
    stand.receiver.refuses = 100

    stand.customers("Ada")

    assert stand.names() == []
    [lost] = stand.client.v1.events.list({"delivery_success": False}).data
    assert lost.type == "customer.created"


def test_events_are_duplicated_and_dropped_on_demand(stand: Stand) -> None:
    stand.faults(duplicate=1)
    stand.customers("Ada")
    assert stand.names() == ["Ada", "Ada"]

    stand.faults(drop=1)
    stand.customers("Bob", "Cyd")
    assert stand.names()[2:] == ["Cyd"]


@pytest.mark.parametrize(
    ("faults", "order"),
    [({"reorder": 3}, PAID[::-1]), ({"delay": 1, "delay_seconds": 5}, [*PAID[1:], PAID[0]])],
)
def test_events_come_late_and_in_another_order_on_demand(
    stand: Stand, faults: dict[str, int], order: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(endpoints, "REORDER_SECONDS", 2.5)  # longer than a machine is held up
    stand.faults(**faults)

    assert stand.pays() == order  # events of one request, so that none is late by itself


def test_an_endpoint_hears_its_own_version_unless_told_otherwise() -> None:
    with standing(api_version="2025-03-31.basil") as stand:
        stand.customers("Ada")
        stand.faults(api_version="2022-11-15")
        stand.customers("Bob")
        assert stand.names() == ["Ada", "Bob"]

        versions = [event.api_version for event in stand.receiver.events]
        assert versions == ["2025-03-31.basil", "2022-11-15"]


def test_connected_accounts_are_told_to_their_own_endpoint_only() -> None:
    with standing(connect=True) as stand:
        stand.customers("Ada")
        stand.customers("Bob", account="acct_1")
        assert stand.names() == ["Bob"]
        assert [event.account for event in stand.receiver.events] == ["acct_1"]


def test_a_thin_endpoint_is_notified_and_fetches_the_event() -> None:
    bodies: list[tuple[bytes, str]] = []

    def take(body: bytes, signature: str) -> tuple[int, bytes]:
        bodies.append((body, signature))
        return 200, b""

    world = World()
    with endpoint(take) as url, running(world, [Endpoint(url, SECRET, thin=True)]) as api:
        client = stripe.StripeClient(KEY, base_addresses={"api": api}, max_network_retries=0)
        made = client.v1.customers.create({"name": "Ada"})
        assert world.sender.wait()
        [(body, signature)] = bodies
        told = client.parse_event_notification(body, signature, SECRET)
        assert isinstance(told, stripe.events.V1CustomerCreatedEventNotification)
        assert told.related_object.id == made.id
        assert told.fetch_event().snapshot_event == client.v1.events.list().data[0].id


def test_what_falls_due_is_told_when_time_is_moved_on(stand: Stand) -> None:
    stand.client.v1.payment_intents.create(
        {
            "amount": 4900,
            "currency": "usd",
            "payment_method": "pm_usBankAccount_success",
            "confirm": True,
        }
    )
    stand.client.raw_request("post", "/sandbox/advance", seconds=200)

    assert stand.world.sender.wait()
    assert "payment_intent.succeeded" in stand.receiver.types


def test_an_answer_that_is_lost_is_found_again_by_its_key(stand: Stand) -> None:
    stand.faults(lost=1)
    options: stripe.RequestOptions = {"idempotency_key": "k-1"}
    with pytest.raises(stripe.APIConnectionError):
        stand.client.v1.customers.create({"name": "Ada"}, options)

    assert stand.client.v1.customers.create({"name": "Ada"}, options).name == "Ada"
    assert stand.names() == ["Ada"]


def test_answers_fail_on_demand(stand: Stand) -> None:
    stand.faults(answers=["500", "429"])

    with pytest.raises(stripe.APIError):
        stand.customers("Ada")
    with pytest.raises(stripe.RateLimitError):
        stand.customers("Ada")
    stand.customers("Ada")
    assert stand.names() == ["Ada"]


def test_only_a_secret_key_may_tell_the_stand_in_what_to_do(stand: Stand) -> None:
    for key in ("rk_test_1", "pk_test_1"):
        with pytest.raises(stripe.PermissionError):
            stand.client.raw_request("post", "/sandbox/advance", seconds=1, api_key=key)
