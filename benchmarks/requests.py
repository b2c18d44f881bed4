"""Webhook requests as bytes, signed in advance: making the load must cost next to nothing."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from ledger.providers.stripe.signature import HEADER, header
from web.sandbox.year import simulate

PATH = "/webhooks/stripe"
SECRET = "whsec_benchmark"  # noqa: S105 - signs what this program sends to itself
START = datetime(2026, 1, 1, tzinfo=UTC)
EVENTS_PER_CUSTOMER = 50  # a little less than a simulated year has


def bodies(count: int, seed: int = 1) -> list[bytes]:
    """`count` events of simulated customers in the order of a year, each id once; 3 kB each."""
    year = simulate(seed, 10 + count // EVENTS_PER_CUSTOMER, START)
    return [body for body, _ in zip(year.bodies(), range(count), strict=False)]


def signed(many: Sequence[bytes]) -> Iterator[bytes]:
    """The whole request for each body, signed now."""
    now = int(time.time())
    for body in many:
        yield _HEAD % (header(body, SECRET, now).encode(), len(body)) + body


_HEAD = (
    f"POST {PATH} HTTP/1.1\r\n"
    "Host: 127.0.0.1\r\n"
    "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
    "Accept: */*\r\n"
    "Content-Type: application/json; charset=utf-8\r\n"
    f"{HEADER}: %s\r\n"
    "Content-Length: %d\r\n\r\n"
).encode()
