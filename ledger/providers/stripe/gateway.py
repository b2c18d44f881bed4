"""The calls out to Stripe's API: only reading, with bounded time and retries, bytes kept as sent.

Stripe's library speaks HTTP, retries and signs in; its objects are not used, since an event must
stay in the shape it was made in.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import stripe

from ledger.providers.stripe.problems import (
    StripeAccountRefused,
    StripeBadRequest,
    StripeKeyRefused,
    StripeNotFound,
    StripeProblem,
    StripeRateLimited,
    StripeUnavailable,
)

API_VERSION = "2026-10-28.endive"
TIMEOUTS_SECONDS = (5.0, 30.0)  # to connect, and between bytes of the answer
RETRIES = 2
MOST_SAID = 400  # characters of what Stripe says of an error
PAGE = 100  # events; Stripe gives no more at once

T = TypeVar("T")


class EventQuery(msgspec.Struct, frozen=True):
    """Which events to list. `delivered` False: those a webhook has not got through with (yet)."""

    since: datetime
    types: Sequence[str] = ()
    delivered: bool | None = None
    account: str = ""

    def parameters(self) -> dict[str, Any]:
        """As Stripe names them."""
        asked: dict[str, Any] = {"created": {"gte": int(self.since.timestamp())}, "limit": PAGE}
        if self.types:
            asked["types"] = list(self.types)
        if self.delivered is not None:
            asked["delivery_success"] = self.delivered
        return asked | ({"stripe_account": self.account} if self.account else {})


class ThinEvent(msgspec.Struct, frozen=True):
    """What only the fetched form of a thin event tells: its snapshot, if its type has one."""

    id: str
    snapshot_event: str | None = None


class StripeGateway:
    """Stripe's API with one key. Every method raises a StripeProblem when it fails."""

    def __init__(self, secret_key: str, api_base: str, retries: int = RETRIES) -> None:
        stripe.enable_telemetry = False  # it would write a file into the home folder
        logging.getLogger("stripe").setLevel(logging.WARNING)  # it logs whole answers
        self._key = secret_key
        self._http = stripe.RequestsClient(timeout=TIMEOUTS_SECONDS)
        self._client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            base_addresses={"api": api_base},
            max_network_retries=retries,
            http_client=self._http,
        )

    def pages(self, query: EventQuery) -> Iterator[list[bytes]]:
        """All events asked for, the newest first, a page at a time, each as its own bytes."""
        asked = query.parameters()
        while True:
            page = _read(_Page, self._get("/v1/events", **asked))
            if page.data:
                yield [bytes(each) for each in page.data]
            if not (page.has_more and page.data):
                return
            asked["starting_after"] = _read(_Named, bytes(page.data[-1])).id

    def event(self, event_id: str, context: str | None = None) -> bytes:
        """A snapshot event; `context` is the path to the account it happened in."""
        return self._get(f"/v1/events/{quote(event_id, safe='')}", stripe_context=context)

    def thin_event(self, event_id: str, context: str | None = None) -> ThinEvent:
        """A thin event with what was not posted of it."""
        path = f"/v2/core/events/{quote(event_id, safe='')}"
        trigger = {"Stripe-Request-Trigger": f"event={event_id}"}
        return _read(ThinEvent, self._get(path, stripe_context=context, headers=trigger))

    def close(self) -> None:
        """Hang up."""
        self._http.close()  # type: ignore[no-untyped-call]  # Stripe's library has no types here

    def _get(self, path: str, **asked: Any) -> bytes:
        try:
            answer = self._client.raw_request("get", path, **asked)
        except stripe.StripeError as error:
            said = " ".join(str(error.user_message).replace(self._key, "the key").split())
            kind = _kind(error, bool(asked.get("stripe_account") or asked.get("stripe_context")))
            raise kind(f"GET {path}: {said[:MOST_SAID]}") from None  # its cause holds the request
        return str(answer.body).encode()


def _kind(error: stripe.StripeError, of_account: bool) -> type[StripeProblem]:
    if isinstance(error, stripe.PermissionError) and of_account:
        return StripeAccountRefused
    if isinstance(error, stripe.InvalidRequestError) and error.http_status == 404:
        return StripeNotFound
    return next(ours for theirs, ours in PROBLEMS.items() if isinstance(error, theirs))


PROBLEMS: dict[type[stripe.StripeError], type[StripeProblem]] = {
    stripe.APIConnectionError: StripeUnavailable,
    stripe.APIError: StripeUnavailable,
    stripe.RateLimitError: StripeRateLimited,
    stripe.AuthenticationError: StripeKeyRefused,
    stripe.PermissionError: StripeKeyRefused,
    stripe.StripeError: StripeBadRequest,
}
"""Stripe's kind of error -> ours, the first that fits."""


class _Named(msgspec.Struct, frozen=True):
    id: str


class _Page(msgspec.Struct, frozen=True):
    data: list[msgspec.Raw]
    has_more: bool


def _read(shape: type[T], answer: bytes) -> T:
    try:
        return msgspec.json.decode(answer, type=shape)
    except msgspec.MsgspecError as problem:
        raise StripeUnavailable(f"the answer has not the shape it should: {problem}") from problem
