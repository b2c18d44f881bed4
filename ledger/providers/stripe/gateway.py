"""The calls out to Stripe's API: only reading, with bounded time and retries, bytes kept as sent.

Stripe's library speaks HTTP, retries and signs in; its objects are not used, since an event must
stay in the shape it was made in.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple, TypeVar
from urllib.parse import quote

import msgspec
import stripe

from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe.client import API_VERSION, NAME, RETRIES, Connection
from ledger.providers.stripe.payloads import Seconds

PAGE = 100  # events; Stripe gives no more at once
MOST_PAGES = 50_000  # of a list of objects

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


class Fetched(NamedTuple):
    """An object as it was answered, in the shape of `api_version`, and the path it is at.

    `created` is when Stripe made it, in Unix seconds.
    """

    body: bytes
    created: int
    api_version: str
    path: str


class StripeGateway:
    """Stripe's API with one key. Every method raises a ProviderProblem when it fails."""

    def __init__(self, secret_key: str, api_base: str, retries: int = RETRIES) -> None:
        self._connection = Connection(secret_key, api_base, retries)
        self.answered_at: datetime | None = None
        """When the last answer was given, by Stripe's clock; None where it did not say."""

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

    def balance_transaction(self, key: str, account: str = "") -> Fetched:
        """What moved a balance, and what it cost, with the object that moved it enclosed."""
        path = f"/v1/balance_transactions/{quote(key, safe='')}"
        asked: dict[str, Any] = {"expand": ["source"]}
        body = self._get(path, **asked, **({"stripe_account": account} if account else {}))
        found = _read(_Dated, body)
        if found.id != key:
            raise ProviderUnavailable(NAME, f"GET {path}: the answer is {found.id!r}")
        return Fetched(body, found.created, API_VERSION, f"{path}?expand[]=source")

    def objects(self, path: str, asked: Mapping[str, Any], account: str) -> Iterator[list[bytes]]:
        """All objects of a list, the newest first, a page at a time, each as its own bytes.

        An empty page that says there is more raises ProviderUnavailable, as does a list longer
        than anybody's: neither is to be believed.
        """
        query = {**asked, "limit": PAGE} | ({"stripe_account": account} if account else {})
        for _ in range(MOST_PAGES):
            page = _read(_Page, self._get(path, **query))
            if page.data:
                yield [bytes(each) for each in page.data]
                query["starting_after"] = _read(_Named, bytes(page.data[-1])).id
            elif page.has_more:
                raise ProviderUnavailable(NAME, f"GET {path}: an empty page says it has more")
            if not page.has_more:
                return
        raise ProviderUnavailable(NAME, f"GET {path}: more than {MOST_PAGES} pages")

    def object(self, path: str, key: str, account: str) -> bytes:
        """One object as it stands. Raises ProviderNotFound where there is none."""
        where = f"{path}/{quote(key, safe='')}"
        body = self._get(where, **({"stripe_account": account} if account else {}))
        if _read(_Named, body).id != key:
            raise ProviderUnavailable(NAME, f"GET {where}: the answer is another object")
        return body

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _get(self, path: str, **asked: Any) -> bytes:
        try:
            answer = self._connection.client.raw_request("get", path, **asked)
        except stripe.StripeError as error:
            of_account = bool(asked.get("stripe_account") or asked.get("stripe_context"))
            problem = self._connection.problem(error, f"GET {path}", of_account)
            raise problem from None  # its cause holds the request
        headers: Any = answer.headers
        self.answered_at = _date(headers.get("Date"))
        return str(answer.body).encode()


class _Named(msgspec.Struct, frozen=True):
    id: str


class _Dated(_Named, frozen=True):
    created: Seconds


class _Page(msgspec.Struct, frozen=True):
    data: list[msgspec.Raw]
    has_more: bool


def _date(told: str | None) -> datetime | None:
    """What a Date header says; nothing where that is no time of any zone."""
    try:
        found = parsedate_to_datetime(told or "")
    except ValueError:
        return None
    return found if found.tzinfo else None


def _read(shape: type[T], answer: bytes) -> T:
    try:
        return msgspec.json.decode(answer, type=shape)
    except msgspec.MsgspecError as problem:
        said = f"the answer has not the shape it should: {problem}"
        raise ProviderUnavailable(NAME, said) from problem
