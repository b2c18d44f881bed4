"""The guard: says who calls, and whether they may do what they ask for."""

from __future__ import annotations

from datetime import datetime

import msgspec

from web.access.keys import PREFIX, KeyRing
from web.access.limits import Limits
from web.access.problems import (
    NotAuthenticated,
    NotForTokens,
    OtherCustomer,
    SaidByTheToken,
    ScopeMissing,
)
from web.access.scopes import Scope
from web.access.tokens import Bearer, Tokens


class Need(msgspec.Struct, frozen=True):
    """What it takes: an API key with `scope`, or the customer's own token where `token` says so."""

    scope: Scope
    token: bool = False


class Caller(msgspec.Struct, frozen=True):
    """Who calls: an application by its key, or a customer's browser by its token."""

    key_id: str | None = None
    scopes: frozenset[str] = frozenset()
    bearer: Bearer | None = None

    def described(self, email: str | None, name: str | None) -> tuple[str | None, str | None]:
        """Address and name of the customer: an application says them, a token has them in it.

        Raises SaidByTheToken.
        """
        if self.bearer is None:
            return email, name
        if email is not None or name is not None:
            raise SaidByTheToken
        return self.bearer.email, self.bearer.name


class Guard:
    """Knows keys and tokens, and loses patience with those who guess."""

    def __init__(self, keys: KeyRing, tokens: Tokens, limits: Limits) -> None:
        self._keys = keys
        self._tokens = tokens
        self._limits = limits

    def admit(
        self, sent: str | None, need: Need, user_id: str | None, address: str, now: datetime
    ) -> Caller:
        """The caller, if they may do this for customer `user_id` (None: it is about no customer).

        Raises NotAuthenticated, NotAllowed, TooManyRequests, and StoreUnavailable.
        """
        caller = self._known(sent or "", now)
        if caller is None:
            self._limits.count("wrong", address)
            raise NotAuthenticated
        if caller.bearer is None:
            _by_key(caller, need)
        else:
            self._limits.count("token", caller.bearer.user_id)
            _by_token(caller.bearer, need, user_id)
        return caller

    def _known(self, sent: str, now: datetime) -> Caller | None:
        if sent.startswith(PREFIX):
            key = self._keys.find(sent, now)
            return Caller(key.key_id, frozenset(key.terms.scopes)) if key else None
        bearer = self._tokens.read(sent, now) if sent else None
        return Caller(bearer=bearer) if bearer else None


def _by_key(caller: Caller, need: Need) -> None:
    if need.scope not in caller.scopes:
        raise ScopeMissing(need.scope)


def _by_token(bearer: Bearer, need: Need, user_id: str | None) -> None:
    if not need.token:
        raise NotForTokens
    if user_id not in (None, bearer.user_id):
        raise OtherCustomer
