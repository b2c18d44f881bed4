"""What `billing doctor` says of Stripe's endpoints, versions and clock."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from ledger.doctor.finding import Finding
from ledger.providers.problems import ProviderKeyRefused
from ledger.providers.stripe.client import Connection
from ledger.providers.stripe.examination import CHECKS, Endpoint, Examined, ask
from ledger.providers.stripe.readers import READERS
from tests.ledger.providers.stripe.stand_in import KEY

PATH = "/webhooks/stripe"


def endpoint(**changes: Any) -> Endpoint:
    fields = {
        "url": f"https://shop.example{PATH}",
        "status": "enabled",
        "livemode": False,
        "enabled_events": ["*"],
    }
    return Endpoint(**{**fields, **changes})


def seen(*endpoints: Endpoint, skew_seconds: float = 0) -> dict[str, Finding]:
    examined = Examined(list(endpoints), skew_seconds, PATH, False, 300)
    return {each.subject: each for each in (check(examined) for check in CHECKS)}


def test_an_enabled_endpoint_that_sends_all_is_good() -> None:
    assert {each.level for each in seen(endpoint()).values()} == {"good"}
    assert {each.level for each in seen(endpoint(enabled_events=list(READERS))).values()} == {
        "good"
    }


@pytest.mark.parametrize(
    ("subject", "level", "changes"),
    [
        ("webhook endpoint", "wrong", {"status": "disabled"}),
        ("webhook endpoint", "wrong", {"livemode": True}),
        ("webhook endpoint", "odd", {"url": "https://shop.example/other"}),
        ("event types", "wrong", {"enabled_events": ["invoice.paid"]}),
        ("API version", "odd", {"api_version": "2027-03-01.future"}),
    ],
)
def test_what_is_not_as_it_should_be_is_named(
    subject: str, level: str, changes: dict[str, Any]
) -> None:
    found = seen(endpoint(**changes))[subject]
    assert found.level == level
    assert found.remedy


def test_types_that_are_not_sent_are_named() -> None:
    enabled = sorted(set(READERS) - {"invoice.paid", "refund.failed"})
    said = seen(endpoint(enabled_events=enabled))["event types"].said
    assert said == "not sent: invoice.paid, refund.failed"


@pytest.mark.parametrize("skew_seconds", [200, -200])
def test_a_clock_that_is_off_is_wrong_before_webhooks_are_refused(skew_seconds: int) -> None:
    assert seen(endpoint(), skew_seconds=skew_seconds)["clock"].level == "wrong"
    assert seen(endpoint(), skew_seconds=skew_seconds / 2)["clock"].level == "good"


@contextmanager
def answering(body: dict[str, Any], status: int) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            told = json.dumps(body).encode()
            self.send_response(status)  # and with it the date
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: Any) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_endpoints_and_clock_are_asked_of_stripe() -> None:
    told = {
        "id": "we_1",
        "object": "webhook_endpoint",
        "url": f"https://shop.example{PATH}",
        "status": "enabled",
        "livemode": False,
        "enabled_events": ["*"],
        "api_version": None,
    }
    with answering({"object": "list", "data": [told]}, 200) as url:
        connection = Connection(KEY, url, retries=0)
        found, skew_seconds = ask(connection, datetime.now(UTC) + timedelta(hours=1))
        connection.close()
    assert found == [endpoint()]
    assert round(skew_seconds / 3600) == 1


def test_a_key_that_is_refused_is_told_without_the_key() -> None:
    error = {"error": {"type": "invalid_request_error", "message": f"Invalid API Key: {KEY}"}}
    with answering(error, 401) as url:
        connection = Connection(KEY, url, retries=0)
        with pytest.raises(ProviderKeyRefused) as refused:
            ask(connection, datetime.now(UTC))
        connection.close()
    assert KEY not in str(refused.value)
