"""The real server, as `billing serve` starts it: gunicorn with threads on a real port."""

import json
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest

from ledger.delivery import Delivery
from ledger.providers.stripe.signature import header
from tests.ledger.providers.stripe.payloads import EVENTS, body
from tests.web.conftest import SECRET, Outage
from tests.web.server import PATIENCE_SECONDS, Serving, billing, serving

Kept = Callable[[], list[Delivery]]

PAID = body(EVENTS["invoice.paid"])


@pytest.fixture
def server(database_url: str) -> Iterator[Serving]:
    with serving(
        *("--workers", "1", "--threads", "4"),
        DATABASE_URL=database_url,
        STRIPE_WEBHOOK_SECRET=f"whsec_old,{SECRET}",
        BILLING_BODY_LIMIT_KIB="4",
    ) as running:
        yield running


def signature(raw: bytes) -> str:
    return header(raw, SECRET, int(datetime.now(UTC).timestamp()))


def test_a_delivery_comes_in_over_the_network_and_is_kept(server: Serving, kept: Kept) -> None:
    answers = [server.post(PAID, signature(PAID)) for _ in range(2)]

    assert [answer.status for answer in answers] == [200, 200]
    assert [json.loads(answer.body)["duplicate"] for answer in answers] == [False, True]
    assert [delivery.body for delivery in kept()] == [PAID]


def test_a_chunked_delivery_is_kept_and_one_too_large_is_not(server: Serving, kept: Kept) -> None:
    large = PAID + b" " * 4096

    taken = server.post([PAID[:100], PAID[100:]], signature(PAID))
    refused = server.post([large[:100], large[100:]], signature(large))

    assert (taken.status, refused.status) == (200, 413)
    assert [delivery.body for delivery in kept()] == [PAID]


def test_it_works_again_after_an_outage_without_being_restarted(
    server: Serving, outage: Outage, kept: Kept
) -> None:
    assert server.post(PAID, signature(PAID)).status == 200
    refund = body(EVENTS["refund.created"])
    with outage():
        away = server.post(refund, signature(refund))

    assert (away.status, away.headers["Retry-After"]) == (503, "5")
    assert server.post(refund, signature(refund)).status == 200
    assert len(kept()) == 2


def test_a_request_under_way_is_finished_before_it_ends(server: Serving, kept: Kept) -> None:
    head = (
        "POST /webhooks/stripe HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n"
        f"Stripe-Signature: {signature(PAID)}\r\nContent-Length: {len(PAID)}\r\n\r\n"
    )
    with server.connect() as client:
        client.sendall(head.encode())
        assert client.recv(100).startswith(b"HTTP/1.1 100")  # a thread has it in hand
        client.sendall(PAID[:100])

        server.process.send_signal(signal.SIGTERM)
        server.until_it_is_stopping()
        client.sendall(PAID[100:])
        answer = client.recv(100)

    assert answer.startswith(b"HTTP/1.1 200")
    assert server.process.wait(PATIENCE_SECONDS) == 0
    assert [delivery.body for delivery in kept()] == [PAID]


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        ({}, "STRIPE_WEBHOOK_SECRET is not set: "),
        ({"STRIPE_WEBHOOK_SECRET": ""}, "STRIPE_WEBHOOK_SECRET is wrong: "),
        ({"STRIPE_WEBHOOK_SECRET": " "}, "STRIPE_WEBHOOK_SECRET is wrong: "),
        ({"STRIPE_WEBHOOK_SECRET": "hunter2"}, "STRIPE_WEBHOOK_SECRET is wrong: "),
        ({"STRIPE_WEBHOOK_SECRET": SECRET, "DATABASE_URL": "hunter2"}, "DATABASE_URL is wrong: "),
        ({"STRIPE_WEBHOOK_SECRET": SECRET, "BILLING_MODE": "hunter2"}, "BILLING_MODE is wrong: "),
        (
            {
                "STRIPE_WEBHOOK_SECRET": SECRET,
                "DATABASE_URL": "postgresql://ann:hunter2@127.0.0.1:1/x",
            },
            "connection failed: ",
        ),
    ],
)
def test_it_refuses_to_start_with_one_clear_line(environment: dict[str, str], line: str) -> None:
    process = billing("serve", "--port", "1", **environment)

    output, errors = process.communicate(timeout=PATIENCE_SECONDS)

    assert process.returncode == 1
    assert errors.startswith(f"Error: {line}")
    assert "Traceback" not in errors
    assert "hunter2" not in errors + output
