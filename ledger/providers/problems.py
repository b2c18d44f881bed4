"""What can go wrong when something is asked of a provider, told apart by what can be done."""

from __future__ import annotations

from ledger.errors import LedgerError


class ProviderProblem(LedgerError):
    """The provider did not give what it was asked for.

    `provider` is its name to a reader ("Stripe"), `said` what was asked and what it answered,
    `retry_after` the header of that name, if its answer had one.
    """

    SENTENCE = "{provider}: {said}"

    def __init__(self, provider: str, said: str, retry_after: str | None = None) -> None:
        self.provider = provider
        self.said = said
        self.retry_after = retry_after
        super().__init__(self.SENTENCE.format(provider=provider, said=said))


class ProviderUnavailable(ProviderProblem):
    """No answer, or none that can be used: it may work later, with the same key."""

    SENTENCE = "{provider} does not answer as it should: {said}"


class ProviderRateLimited(ProviderProblem):
    """Too many requests: it works later, with the same key."""

    SENTENCE = "{provider} asks for fewer requests: {said}"


class ProviderKeyRefused(ProviderProblem):
    """It works once an operator has mended the key."""

    SENTENCE = "{provider} does not take our secret key for this: {said}"


class ProviderAccountRefused(ProviderProblem):
    """The key has no access to this connected account (any more)."""

    SENTENCE = "{provider} gives our secret key no access to this account: {said}"


class ProviderNotFound(ProviderProblem):
    """It does not exist, or does no longer."""

    SENTENCE = "{provider} has no such thing (any more): {said}"


class ProviderBadRequest(ProviderProblem):
    """Asking again would be answered alike."""

    SENTENCE = "{provider} will not answer this: {said}"


class CardDeclined(ProviderProblem):
    """The payer's card was not charged, and nothing else was done.

    `declined_for` is the provider's code (`insufficient_funds`), `sentence` what it would have the
    payer read. The same key is answered alike: another try with another card takes another key.
    """

    SENTENCE = "{provider} could not charge the card: {said}"

    def __init__(self, provider: str, declined_for: str, sentence: str) -> None:
        self.declined_for = declined_for
        self.sentence = sentence
        super().__init__(provider, f"{sentence} ({declined_for})")


FINAL = (ProviderNotFound, ProviderBadRequest, ProviderAccountRefused)
"""What asking for a thing again would not change."""
