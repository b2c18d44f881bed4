"""How Stripe is asked: once for each key of ours, its answers read into shapes of our own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
import stripe

from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe.client import NAME, Connection

MOST_KEY = 255  # characters of an idempotency key
PAGE = 100  # objects; Stripe gives no more at once

T = TypeVar("T")
Call = Callable[..., stripe.StripeObject]


class Asking:
    """What the modules of the nouns share: a connection, in the name of one account."""

    def __init__(self, connection: Connection, account: str = "") -> None:
        self._connection = connection
        self._account = account
        self._v1 = connection.client.v1

    def close(self) -> None:
        """Hang up."""
        self._connection.close()

    def _ask(self, shape: type[T], call: Call, *asked: Any, key: str | None = None) -> T:
        """The answer to a call of Stripe's library, as `shape`. Raises a ProviderProblem.

        A `key` makes it a write that is done once.
        """
        options = {} if key is None else {"idempotency_key": idempotency_key(key)}
        try:
            answer = call(*asked, options=options)
        except stripe.StripeError as error:
            problem = self._connection.problem(error, _name(call), bool(self._account))
            raise problem from None  # its cause holds the request
        return _read(shape, answer, _name(call))

    def _all(self, shape: type[T], call: Call, *path: str, **asked: Any) -> Iterator[T]:
        """All objects of a list, page by page."""
        page = _Page(data=[], has_more=True)
        while page.has_more:
            page = self._ask(_Page, call, *path, {**asked, "limit": PAGE})
            yield from (_converted(shape, each, _name(call)) for each in page.data)
            if page.data:
                asked["starting_after"] = page.data[-1].get("id")
            elif page.has_more:
                raise ProviderUnavailable(NAME, f"{_name(call)}: an empty page says it has more")


class Id(msgspec.Struct, frozen=True):
    """All that is needed of a new object."""

    id: str


class _Page(msgspec.Struct, frozen=True):
    data: list[dict[str, Any]]
    has_more: bool


def idempotency_key(key: str) -> str:
    """`key` as Stripe takes it: one that is too long or not plain ASCII ends in its hash."""
    if re.fullmatch(rf"[!-~]{{1,{MOST_KEY}}}", key):
        return key
    digest = sha256(key.encode()).hexdigest()
    return f"{quote(key)[: MOST_KEY - 1 - len(digest)]}:{digest}"


def _name(call: Call) -> str:
    """`PaymentIntent.create`, for the sentence of a problem."""
    return getattr(call, "__qualname__", repr(call)).replace("Service.", ".")


def _read(shape: type[T], answer: object, asked: str) -> T:
    """Stripe's objects are no mappings; only their plain form leaves this module."""
    if not isinstance(answer, stripe.StripeObject):
        raise ProviderUnavailable(NAME, f"{asked}: the answer is no object")
    return _converted(shape, answer.to_dict(for_json=True), asked)


def _converted(shape: type[T], plain: object, asked: str) -> T:
    try:
        return msgspec.convert(plain, shape)
    except msgspec.ValidationError as problem:
        said = f"{asked}: the answer has not the shape it should: {problem}"
        raise ProviderUnavailable(NAME, said) from problem
