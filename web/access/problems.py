"""Why a caller is not let in."""

from __future__ import annotations

from ledger.errors import LedgerError


class NotAuthenticated(LedgerError):
    """The same sentence whatever was wrong: a guesser learns nothing (answered 401)."""

    def __init__(self) -> None:
        super().__init__("send `Authorization: Bearer` with an API key or a customer's token")


class NotAllowed(LedgerError):
    """The caller is known and may not do this (answered 403)."""


class ScopeMissing(NotAllowed):
    def __init__(self, scope: str) -> None:
        super().__init__(f"this needs an API key with the scope {scope!r}")


class NotForTokens(NotAllowed):
    def __init__(self) -> None:
        super().__init__("a customer's token may not do this: an API key may")


class OtherCustomer(NotAllowed):
    def __init__(self) -> None:
        super().__init__("a customer's token is for that customer only")


class SaidByTheToken(NotAllowed):
    """Who a customer is, is the application's word: it chooses whose money is whose by e-mail."""

    def __init__(self) -> None:
        super().__init__("name and e-mail address of a token's customer are in the token")


class TooManyRequests(LedgerError):
    """Answered 429, with when to come again."""

    def __init__(self, retry_after_seconds: int) -> None:
        self.retry_after_seconds = retry_after_seconds
        super().__init__(f"too many requests; come again in {retry_after_seconds} s")


class NotConfigured(LedgerError):
    """An operator has to set `name` first (answered 503)."""

    def __init__(self, name: str) -> None:
        super().__init__(f"not configured: {name} is not set")


class ForeignAddress(NotAllowed):
    def __init__(self) -> None:
        super().__init__("a customer's token may only return to an address of the application")


class ForeignForm(NotAllowed):
    def __init__(self) -> None:
        super().__init__("the form does not come from a page of this visit")
