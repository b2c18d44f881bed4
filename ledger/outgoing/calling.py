"""The effect of a call: a signed message an endpoint answers with 2xx, or is sent again."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import msgspec

from ledger.aggregates.hand_grant import HandGrant
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from ledger.ids import parse_stream
from ledger.outgoing.call import Call, Ends
from ledger.outgoing.signing import headers
from ledger.reactions.backoff import asked_for
from ledger.reactions.effects import EffectFailed, Effects, Task, World
from ledger.settings.outgoing import Endpoint

TYPES = ("entitlement.granted", "entitlement.revoked", "balance.changed")
GONE = 410
SOURCES: dict[str, type[Purchase] | type[Subscription] | type[HandGrant]] = {
    kind.CATEGORY: kind for kind in (Purchase, Subscription, HandGrant)
}

_encode = msgspec.json.Encoder(order="deterministic").encode


def call(task: Task, world: World) -> str | None:
    """Sends one message, or says why there is none to send. Raises EffectFailed."""
    told = msgspec.convert(task.data, Call)
    by = world.settings.reacting
    endpoint = next((each for each in by.endpoints if each.url == told.endpoint), None)
    if endpoint is None:
        return "the endpoint is called no longer"
    if told.if_ended and not _has_ended(told.if_ended, world):
        return "access goes on, or has ended otherwise"
    status, retry_after = _posted(endpoint, told, world)
    if not 200 <= status <= 299:
        not_before = asked_for(retry_after, world.clock())
        said = f"the endpoint answered {status}"
        raise EffectFailed(said, gone=status == GONE, not_before=not_before)
    return None


def body(told: Call) -> bytes:
    """What is sent, byte for byte the same at each try."""
    message = {"type": told.type, "timestamp": told.timestamp.isoformat(), "data": told.data}
    return _encode(message)


def _has_ended(ends: Ends, world: World) -> bool:
    """Whether the end that was set then is the one that stands."""
    source = SOURCES[parse_stream(ends.source).category]
    access = world.get(source, ends.source).access
    if access is None or access.customer_id != ends.customer_id:
        return False
    return ends.feature in access.features and access.ends_at == ends.ends_at


def _posted(endpoint: Endpoint, told: Call, world: World) -> tuple[int, str | None]:
    """The status it answered, and its Retry-After; no body is read, and no redirect followed."""
    content = body(told)
    signed = headers(told.message_id, world.clock(), content, endpoint.secrets)
    given = {"content-type": "application/json", "user-agent": "billing-ledger", **signed}
    parts = urlsplit(endpoint.url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    limit_seconds = world.settings.reacting.timeout_seconds
    connection = _connection(endpoint, limit_seconds)
    try:
        connection.connect()
        with _within(limit_seconds, connection.sock):
            connection.request("POST", target, content, given)
            answer = connection.getresponse()
            return answer.status, answer.getheader("retry-after")
    except (OSError, http.client.HTTPException) as problem:
        sentence = f"the endpoint did not answer: {type(problem).__name__}"
        raise EffectFailed(sentence) from problem
    finally:
        connection.close()


@contextmanager
def _within(limit_seconds: float, connected: socket.socket) -> Iterator[None]:
    """Hangs up when the time is over, however busily it is answered. Raises TimeoutError then."""
    over = threading.Event()

    def hang_up() -> None:
        over.set()
        with suppress(OSError):
            socket.socket.shutdown(connected, socket.SHUT_RDWR)  # beneath TLS, which is in use

    timer = threading.Timer(limit_seconds, hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException) as problem:
        raise (TimeoutError() if over.is_set() else problem) from None
    finally:
        timer.cancel()


def _connection(endpoint: Endpoint, timeout_seconds: float) -> http.client.HTTPConnection:
    parts = urlsplit(endpoint.url)
    assert parts.hostname
    if parts.scheme == "https":
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(
            parts.hostname, parts.port, timeout=timeout_seconds, context=context
        )
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout_seconds)


CALLS: Effects = {f"webhook.{type_}": call for type_ in TYPES}
"""Kind of reaction -> the effect, which is the same for all messages."""
