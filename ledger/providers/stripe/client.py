"""Stripe's library made ready: one API version, bounded time and retries, errors by our names."""

from __future__ import annotations

import logging

import stripe

from ledger.providers.problems import (
    CardDeclined,
    ProviderAccountRefused,
    ProviderBadRequest,
    ProviderKeyRefused,
    ProviderNotFound,
    ProviderProblem,
    ProviderRateLimited,
    ProviderUnavailable,
)

API_VERSION = "2026-10-28.endive"
TIMEOUTS_SECONDS = (5.0, 30.0)  # to connect, and between bytes of the answer
RETRIES = 2
MOST_SAID = 400  # characters of what Stripe says of an error
NAME = "Stripe"


class Connection:
    """Stripe's library with one key, for the platform's own account unless `account` is given."""

    def __init__(
        self,
        secret_key: str,
        api_base: str,
        retries: int = RETRIES,
        account: str = "",
        timeouts_seconds: tuple[float, float] = TIMEOUTS_SECONDS,
    ) -> None:
        stripe.enable_telemetry = False  # it would write a file into the home folder
        logging.getLogger("stripe").setLevel(logging.WARNING)  # it logs whole answers
        self._key = secret_key
        self._http = stripe.RequestsClient(timeout=timeouts_seconds)
        self.client = stripe.StripeClient(
            secret_key,
            stripe_version=API_VERSION,
            stripe_account=account or None,
            base_addresses={"api": api_base},
            max_network_retries=retries,
            http_client=self._http,
        )

    def problem(
        self, error: stripe.StripeError, asked: str, of_account: bool = False
    ) -> ProviderProblem:
        """Our name for an error of Stripe's; it never tells the key.

        `asked` is what failed, `of_account` whether it was asked in a connected account's name.
        """
        said = " ".join(str(error.user_message).replace(self._key, "the key").split())[:MOST_SAID]
        if isinstance(error, stripe.CardError):
            return CardDeclined(NAME, _declined_for(error), said)
        headers = {name.lower(): value for name, value in (error.headers or {}).items()}
        return _kind(error, of_account)(NAME, f"{asked}: {said}", headers.get("retry-after"))

    def close(self) -> None:
        """Hang up."""
        self._http.close()  # type: ignore[no-untyped-call]  # Stripe's library has no types here


def _declined_for(error: stripe.CardError) -> str:
    """The bank's reason where Stripe tells it, else Stripe's own code."""
    told = error.error
    code = getattr(told, "decline_code", None) or error.code
    return str(code or "card_declined")


def _kind(error: stripe.StripeError, of_account: bool) -> type[ProviderProblem]:
    if isinstance(error, stripe.PermissionError) and of_account:
        return ProviderAccountRefused
    if isinstance(error, stripe.InvalidRequestError) and (
        error.http_status == 404 or error.code == "resource_missing"
    ):
        return ProviderNotFound
    return next(ours for theirs, ours in PROBLEMS.items() if isinstance(error, theirs))


PROBLEMS: dict[type[stripe.StripeError], type[ProviderProblem]] = {
    stripe.APIConnectionError: ProviderUnavailable,
    stripe.APIError: ProviderUnavailable,
    stripe.RateLimitError: ProviderRateLimited,
    stripe.AuthenticationError: ProviderKeyRefused,
    stripe.PermissionError: ProviderKeyRefused,
    stripe.StripeError: ProviderBadRequest,
}
"""Stripe's kind of error -> ours, the first that fits."""
