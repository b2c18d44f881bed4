"""What can go wrong when something is asked of Stripe, told apart by what can be done about it."""

from __future__ import annotations

from ledger.errors import LedgerError


class StripeProblem(LedgerError):
    """Stripe did not give what it was asked for; nothing was changed."""

    SENTENCE = "{}"

    def __init__(self, said: str) -> None:
        super().__init__(self.SENTENCE.format(said))


class StripeUnavailable(StripeProblem):
    """No answer, or none that can be used: it may work later."""

    SENTENCE = "Stripe does not answer as it should: {}"


class StripeRateLimited(StripeProblem):
    """Too many requests: it works later."""

    SENTENCE = "Stripe asks for fewer requests: {}"


class StripeKeyRefused(StripeProblem):
    """It works once an operator has mended the key."""

    SENTENCE = "Stripe does not take STRIPE_SECRET_KEY for this: {}"


class StripeAccountRefused(StripeProblem):
    """The key has no access to this connected account (any more)."""

    SENTENCE = "STRIPE_SECRET_KEY has no access to this account: {}"


class StripeNotFound(StripeProblem):
    """It does not exist, or does no longer: events are kept for 30 days."""

    SENTENCE = "Stripe has no such thing (any more): {}"


class StripeBadRequest(StripeProblem):
    """Asking again would be answered alike."""

    SENTENCE = "Stripe will not answer this: {}"
