"""What is told and what is not: the few facts that not every API version shows.

* Which invoice a payment pays: always before 2025-03-31. Since then once the payment has come, and
  since 2025-09-30 also where Stripe's own order reference stands on one that has not.
* That a payment pays no invoice, and so is a sale: always before 2025-03-31. Since then only by
  the application's own metadata or a Checkout Session.
* That a refund is pending: not from 2022-11-15 until 2024-10-28, when only the charge's sum came.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.invoices import Invoice, InvoicePayment
from web.sandbox.truth.refunds import Refund
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Fact

REFUNDS_LEFT_CHARGES = "2022-11-15"
REFUNDS_HAVE_EVENTS = "2024-10-28"
PAYMENTS_LOST_INVOICES = "2025-03-31"
REFERENCES_CAME = "2025-09-30"


Teller = Callable[[Fact], str]
"""The API version by which a fact is told."""


class Told:
    """What some tellers together say of `facts`.

    `invoices` by payment intent, `sales` are intents known to pay none, `refunds` those that were
    told themselves and not only counted in their charge's sum.
    """

    def __init__(self, facts: Sequence[Fact], tellers: Iterable[Teller]) -> None:
        self.invoices: dict[str, str] = {}
        self.sales: set[str] = set()
        self.refunds: set[str] = set()
        self._pays = {
            fact.noun.intent: fact.noun.id
            for fact in facts
            if isinstance(fact.noun, Invoice) and fact.noun.intent is not None
        }
        self._made: dict[str, list[tuple[int, str]]] = {}
        for fact in facts:
            if fact.type == "refund.created" and isinstance(fact.noun, Refund):
                self._made.setdefault(fact.noun.charge, []).append((fact.at, fact.noun.id))
        tellers = tuple(tellers)
        for fact in facts:
            for version in {teller(fact) for teller in tellers}:
                TELLS.get(type(fact.noun), _nothing)(self, fact, fact.noun, version)

    def charge(self, fact: Fact, noun: Charge, version: str) -> None:
        """Until 2025-03-31 with its invoice, until 2022-11-15 with its refunds."""
        if version < PAYMENTS_LOST_INVOICES:
            self._settles(noun.intent)
        if version < REFUNDS_LEFT_CHARGES:
            made = self._made.get(noun.id, ())
            self.refunds.update(key for at, key in made if at <= fact.at)

    def intent(self, fact: Fact, noun: Intent, version: str) -> None:
        """Until 2025-03-31 with its invoice, since 2025-09-30 with Stripe's own reference."""
        if version < PAYMENTS_LOST_INVOICES:
            self._settles(noun.id)
        elif version >= REFERENCES_CAME and noun.order_reference is not None:
            self.invoices[noun.id] = noun.order_reference

    def invoice(self, fact: Fact, noun: Invoice, version: str) -> None:
        """Until 2025-03-31 with its payment."""
        if version < PAYMENTS_LOST_INVOICES and noun.intent is not None:
            self.invoices[noun.intent] = noun.id

    def invoice_payment(self, fact: Fact, noun: InvoicePayment, version: str) -> None:
        """The link itself, since 2025-03-31."""
        if version >= PAYMENTS_LOST_INVOICES:
            self.invoices[noun.intent] = noun.invoice

    def refund(self, fact: Fact, noun: Refund, version: str) -> None:
        """Of its own; for a long time only when it changed."""
        if version >= REFUNDS_HAVE_EVENTS or fact.type == "charge.refund.updated":
            self.refunds.add(noun.id)

    def _settles(self, intent: str) -> None:
        if intent in self._pays:
            self.invoices[intent] = self._pays[intent]
        else:
            self.sales.add(intent)


def _nothing(told: Told, fact: Fact, noun: Noun, version: str) -> None:
    """Every version tells the same of other objects."""


TELLS: dict[type[Noun], Callable[[Told, Fact, Any, str], None]] = {
    Charge: Told.charge,
    Intent: Told.intent,
    Invoice: Told.invoice,
    InvoicePayment: Told.invoice_payment,
    Refund: Told.refund,
}
