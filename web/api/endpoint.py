"""What an endpoint is: how it is called, by whom, with what, and the function that does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

import msgspec
from marshmallow import Schema

from ledger.application import Ledger
from ledger.checkout.registration import Person
from ledger.checkout.shop import Shop
from ledger.errors import LedgerError
from projections.queries import Queries
from web.access.guard import Caller, Guard, Need
from web.access.problems import NotConfigured
from web.access.tokens import Tokens


class Office(msgspec.Struct, frozen=True):
    """What the endpoints work with; threads share it.

    `without` names the setting that is missing when there is no way out to the provider: what
    needs one is then answered 503, and all else works.
    """

    shop: Shop
    ledger: Ledger
    queries: Queries
    guard: Guard
    tokens: Tokens
    clock: Callable[[], datetime]
    without: str | None = None
    trusted_proxies: int = 0


class Call(msgspec.Struct, frozen=True):
    """One request, read and found good: `path`, `query` and `body` as their schemas give them."""

    caller: Caller
    path: dict[str, str]
    query: dict[str, Any]
    body: dict[str, Any]
    key: str
    now: datetime

    @property
    def user_id(self) -> str:
        return self.path["user_id"]

    @property
    def person(self) -> Person:
        """The customer, as whoever may say it describes them. Raises SaidByTheToken."""
        email, name = self.caller.described(self.body.get("email"), self.body.get("name"))
        return Person(self.user_id, email, name)


class Nothing(Schema):
    """No field at all."""


class Endpoint(msgspec.Struct, frozen=True, kw_only=True):
    """One way to call; `name` is its operation id, `about` one sentence.

    `gives` None answers 204. `keyed` asks for an Idempotency-Key; `outbound` says that the
    provider is asked.
    """

    name: str
    call: str
    about: str
    need: Need
    work: Callable[[Office, Call], object]
    takes: type[Schema] | None = None
    asks: type[Schema] = Nothing
    gives: type[Schema] | None = None
    keyed: bool = False
    outbound: bool = False
    refusals: tuple[type[LedgerError], ...] = ()

    @property
    def method(self) -> Literal["GET", "PUT", "POST", "DELETE"]:
        return self.call.split()[0]  # type: ignore[return-value]  # a test looks at all of them

    @property
    def path(self) -> str:
        """The path with its parameters in braces."""
        return self.call.split()[1]

    def admit_outbound(self, office: Office) -> None:
        """Raises NotConfigured before anything is begun that could not be finished."""
        if self.outbound and office.without:
            raise NotConfigured(office.without)
