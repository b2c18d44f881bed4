"""A real endpoint gets a message it can verify, and only 2xx counts as an answer."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks import Webhook

from ledger.aggregates.subscription import Attributed, Entitled
from ledger.outgoing.calling import CALLS
from ledger.reactions.effects import EffectFailed, Task
from tests.ledger.given import SCOPE, START, day
from tests.ledger.mail.given import Life
from tests.ledger.outgoing.given import SECRET, calling
from tests.ledger.outgoing.test_telling import SUBSCRIPTION, access
from tests.support.endpoint import Endpoint, endpoint


@pytest.fixture
def called() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


def entitled(url: str) -> Life:
    """Access for a month that one endpoint is told of."""
    life = calling(url)
    life.happen(SUBSCRIPTION, Attributed(customer_id="ann", provider_customer_id="cus_1"))
    life.happen(SUBSCRIPTION, Entitled(access=access("a", ends_at=day(37))))
    return life


def tasks(life: Life) -> list[Task]:
    """The grant, and then its end."""
    return [
        Task(id_, each.kind, SCOPE, each.effective_at, each.due_at, each.data)
        for id_, each in life.intents.items()
    ]


def send(life: Life, task: Task) -> str | None:
    return CALLS[task.kind](task, life.world)


def test_a_message_is_signed_small_and_the_same_at_each_try(called: Endpoint) -> None:
    life = entitled(called.url)
    grant = tasks(life)[0]

    send(life, grant)
    life.turn(1)
    send(life, grant)

    one, other = called.received
    assert one.path == "/hooks?from=billing"
    assert one.body == other.body
    assert one.headers["webhook-id"] == other.headers["webhook-id"]
    assert one.headers["webhook-timestamp"] != other.headers["webhook-timestamp"]
    assert len(one.body) < 1000
    assert json.loads(one.body) == {
        "type": "entitlement.granted",
        "timestamp": "2026-09-01T12:00:00+00:00",
        "data": {
            "customer_id": "ann",
            "feature": "a",
            "source_kind": "subscription",
            "source_id": "sub_1",
            "granted_at": "2026-09-01T12:00:00+00:00",
            "paid_until": None,
            "ends_at": "2026-10-08T12:00:00+00:00",
            "trial": False,
            "account": "",
            "livemode": False,
            "version": 2,
        },
    }


def test_the_published_library_verifies_what_arrives(called: Endpoint) -> None:
    life = entitled(called.url)
    life.clock.now = datetime.now(UTC)

    send(life, tasks(life)[0])

    (received,) = called.received
    assert Webhook(SECRET).verify(received.body, received.headers)


def test_an_end_is_told_only_if_it_still_stands(called: Endpoint) -> None:
    life = entitled(called.url)
    ended = tasks(life)[1]
    assert send(life, ended) is None
    assert json.loads(called.received[0].body)["data"]["reason"] == "expired"

    life.happen(SUBSCRIPTION, Entitled(access=access("a", ends_at=day(67))))

    assert send(life, ended) == "access goes on, or has ended otherwise"
    assert len(called.received) == 1


@pytest.mark.parametrize(
    ("status", "passing"), [(500, True), (404, True), (301, True), (307, True), (410, False)]
)
def test_what_is_not_2xx_is_no_answer_and_no_redirect_is_followed(
    called: Endpoint, status: int, passing: bool
) -> None:
    called.answers.append(status)
    life = entitled(called.url)

    with pytest.raises(EffectFailed, match=f"the endpoint answered {status}") as failure:
        send(life, tasks(life)[0])

    assert (failure.value.passing, failure.value.gone) == (passing, status == 410)
    assert len(called.received) == 1


@pytest.mark.parametrize(
    ("said", "asked"), [("90", START + timedelta(seconds=90)), ("later", None), (None, None)]
)
def test_an_endpoint_says_from_when_it_wants_to_be_asked_again(
    called: Endpoint, said: str | None, asked: datetime | None
) -> None:
    called.answers.append(503)
    called.retry_after = said
    life = entitled(called.url)

    with pytest.raises(EffectFailed) as failure:
        send(life, tasks(life)[0])

    assert failure.value.not_before == asked


def test_an_endpoint_that_is_called_no_longer_gets_nothing(called: Endpoint) -> None:
    life = entitled(called.url)
    life.settings = calling("https://other.example/").settings

    assert send(life, tasks(life)[0]) == "the endpoint is called no longer"
    assert called.received == []


def test_an_endpoint_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
        life = entitled(url)
        life.settings = Life(
            BILLING_MAIL_DIR="",
            BILLING_OUTGOING_WEBHOOKS=f"{url} {SECRET}",
            BILLING_EFFECT_TIMEOUT_SECONDS="1",
        ).settings

        with pytest.raises(EffectFailed, match="did not answer: TimeoutError"):
            send(life, tasks(life)[0])
