"""What older objects tell of others: which invoice a payment pays, its charges, their refunds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from web.sandbox.truth.intents import Charge
from web.sandbox.truth.invoices import Invoice
from web.sandbox.truth.refunds import Refund
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Fact

N = TypeVar("N", bound=Noun)
History = dict[str, list[tuple[int, N]]]
"""By the id of what they belong to: states of objects and when each was told, in order."""


class Context:
    """All facts by what they belong to, to be looked at as of a moment."""

    def __init__(self, facts: Iterable[Fact] = ()) -> None:
        self._invoices: dict[str, str] = {}
        self._charges: History[Charge] = {}
        self._refunds: History[Refund] = {}
        for fact in facts:
            self.note(fact.at, fact.noun)

    def note(self, at: int, noun: Noun) -> None:
        """One more state that was told, newer than all others."""
        if isinstance(noun, Charge):
            self._charges.setdefault(noun.intent, []).append((at, noun))
        elif isinstance(noun, Refund):
            self._refunds.setdefault(noun.charge, []).append((at, noun))
        elif isinstance(noun, Invoice) and noun.intent is not None:
            self._invoices[noun.intent] = noun.id

    def invoice_of(self, intent: str) -> str | None:
        """The invoice a payment intent pays."""
        return self._invoices.get(intent)

    def charges_of(self, intent: str | None, at: int) -> list[Charge]:
        """The charges of a payment intent, the last one first."""
        return _as_of(self._charges.get(intent or "", []), at)

    def refunds_of(self, charge: str, at: int) -> list[Refund]:
        """The refunds of a charge, the last one first."""
        return _as_of(self._refunds.get(charge, []), at)


def _as_of(history: list[tuple[int, N]], at: int) -> list[N]:
    newest = {noun.id: noun for told, noun in history if told <= at}
    return list(reversed(newest.values()))
