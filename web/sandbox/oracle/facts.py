"""What is known at one moment, with the links between objects looked up once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from web.sandbox.oracle.money import Money
from web.sandbox.oracle.owners import find_owners
from web.sandbox.oracle.telling import Told
from web.sandbox.truth.disputes import Dispute
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.invoices import Invoice
from web.sandbox.truth.refunds import Refund
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.view import View


class Known:
    """A view with its indexes and the ledger's settings."""

    def __init__(self, view: View, told: Told, platform: str | None, grace_days: int) -> None:
        self.view = view
        self.told = told
        self.platform = platform
        self.grace_seconds = grace_days * 86400
        self.owners = find_owners(view)

    def owner(self, own: str | None, customer: str | None) -> str | None:
        """Whose something is: its own user id, else its customer's owner, else nobody's."""
        return own or (self.owners.get(customer, customer) if customer else None)

    def money(self, intent: Intent) -> Money:
        """What became of a payment's money."""
        session = self.session_of.get(intent.id)
        reports = [intent.paid_at, session.paid_at if session else None]
        return Money(
            paid_minor=intent.amount_received,
            paid_at=min((at for at in reports if at is not None), default=None),
            refunds=tuple(self._refunds_of[intent.id]),
            disputes=tuple(self._disputes_of[intent.id]),
        )

    def invoice_of(self, intent: Intent) -> str | None:
        """The invoice a payment pays, if that was ever told."""
        return self.told.invoices.get(intent.id)

    @cached_property
    def session_of(self) -> Mapping[str, Session]:
        """Sessions by the payment intent they made."""
        return {each.intent: each for each in self.view.all(Session) if each.intent}

    @cached_property
    def intents_of(self) -> Mapping[str, list[Intent]]:
        """Payment intents by the invoice they pay."""
        found: dict[str, list[Intent]] = defaultdict(list)
        for intent in self.view.all(Intent):
            found[self.invoice_of(intent) or ""].append(intent)
        return found

    @cached_property
    def invoices_of(self) -> Mapping[str, list[Invoice]]:
        """Paid invoices by the subscription they are for."""
        found: dict[str, list[Invoice]] = defaultdict(list)
        for invoice in self.view.all(Invoice):
            if invoice.status == "paid":
                found[invoice.subscription or ""].append(invoice)
        return found

    def taken_back(self, invoice: Invoice) -> tuple[int, str] | None:
        """When and why the last of the money that paid an invoice was gone again, if all is."""
        payments = (self.money(each) for each in self.intents_of.get(invoice.id, ()))
        ends = [money.taken_back for money in payments if money.paid_at is not None]
        gone = [end for end in ends if end is not None]
        return max(gone) if gone and len(gone) == len(ends) else None

    @cached_property
    def _refunds_of(self) -> Mapping[str, list[Refund]]:
        found: dict[str, list[Refund]] = defaultdict(list)
        for each in self.view.all(Refund):
            found[each.intent].append(self._as_told(each))
        return found

    def _as_told(self, refund: Refund) -> Refund:
        """What only its charge's sum tells of counts as gone at once."""
        seen = refund.id in self.told.refunds
        return refund if seen else replace(refund, status="succeeded", succeeded_at=refund.created)

    @cached_property
    def _disputes_of(self) -> Mapping[str, list[Dispute]]:
        found: dict[str, list[Dispute]] = defaultdict(list)
        for each in self.view.all(Dispute):
            found[each.intent].append(each)
        return found
