"""Webhooks a test posts itself, and an endpoint that cannot keep them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import msgspec
import psycopg
from psycopg.sql import SQL, Identifier

from tests.system.patience import until
from tests.systems.calling import Json, answered
from tests.systems.installation import SECRET, WEBHOOK_PATH, Installation
from web.sandbox.signing import signature_header


def newest_told(house: Installation, kind: str) -> Json:
    """The newest event of a type, as Stripe lists it."""
    told: Json = house.at_stripe("GET /v1/events", types=[kind], limit=1)["data"][0]
    return told


def posted(house: Installation, event: Json, secret: str | None = SECRET) -> int:
    """The status our endpoint answers an event with, signed by `secret` if there is one."""
    body = msgspec.json.encode(event)
    signature = None if secret is None else signature_header(body, secret, int(time.time()))
    headers = {} if signature is None else {"Stripe-Signature": signature}
    return answered(house.address, f"POST {WEBHOOK_PATH}", body, headers)[0]


@contextmanager
def broken(house: Installation) -> Iterator[None]:
    """Nothing can be kept: the schema webhooks are kept in is away."""
    name, away = Identifier(house.settings.names.inbox), Identifier("away")
    rename = SQL("ALTER SCHEMA {} RENAME TO {}")
    with psycopg.connect(house.url, autocommit=True) as database:
        database.execute(rename.format(name, away))
        try:
            yield
        finally:
            database.execute(rename.format(away, name))


def until_more_failed(house: Installation, failed: int) -> None:
    """Stripe has tried in vain again."""
    until(lambda: house.world.sender.failed > failed, "another try in vain")
