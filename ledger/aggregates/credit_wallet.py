"""A wallet of prepaid credits: what was granted, spent and taken back, each by its own key."""

from __future__ import annotations

import msgspec

from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.effects import Grant
from ledger.errors import InsufficientCredits, InvalidCredits, KeyReused
from ledger.event import Cause, Event
from ledger.ids import parse_stream


class Totals(msgspec.Struct, frozen=True):
    """A wallet's sums in credits; granted + shortfall = spent + revoked + available."""

    granted: int = 0
    spent: int = 0
    revoked: int = 0

    @property
    def available(self) -> int:
        return max(0, self.granted - self.spent - self.revoked)

    @property
    def shortfall(self) -> int:
        """Credits taken back although they were spent already."""
        return max(0, self.spent + self.revoked - self.granted)

    def plus(self, granted: int = 0, spent: int = 0, revoked: int = 0) -> Totals:
        return Totals(self.granted + granted, self.spent + spent, self.revoked + revoked)


class Granted(Event, frozen=True):
    """A purchase gives credits; `totals` are the wallet's sums after it, as in all its events."""

    TOPIC = "CreditWallet.Granted"
    grant_id: str
    credits: int
    totals: Totals


class Revoked(Event, frozen=True):
    """Of one grant, `revoked` credits are taken back in all (fewer than before: some came back)."""

    TOPIC = "CreditWallet.Revoked"
    grant_id: str
    revoked: int
    totals: Totals


class GrantWithdrawn(Event, frozen=True):
    """A grant turned out to be another customer's."""

    TOPIC = "CreditWallet.GrantWithdrawn"
    grant_id: str
    totals: Totals


class Spent(Event, frozen=True):
    """The application consumed credits; `key` makes that happen once."""

    TOPIC = "CreditWallet.Spent"
    key: str
    credits: int
    totals: Totals


EVENTS = (Granted, Revoked, GrantWithdrawn, Spent)


class CreditWallet(Aggregate):
    """One customer's credits; consumption never goes below zero, a revocation may."""

    CATEGORY = "wallet"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.grants: dict[str, tuple[int, int]] = {}
        self.spends: dict[str, int] = {}
        self.totals = Totals()

    # ---- decide ----

    def hold(self, grant_id: str, grant: Grant, why: Cause) -> None:
        """Takes over how the grant of one purchase stands."""
        credits, revoked = self.grants.get(grant_id, (0, 0))
        if grant.credits != credits:
            totals = self.totals.plus(granted=grant.credits - credits)
            self.trigger_event(
                Granted(grant_id=grant_id, credits=grant.credits, totals=totals), why
            )
        if grant.revoked != revoked:
            totals = self.totals.plus(revoked=grant.revoked - revoked)
            self.trigger_event(
                Revoked(grant_id=grant_id, revoked=grant.revoked, totals=totals), why
            )

    def withdraw(self, grant_id: str, why: Cause) -> None:
        """Lets go of a grant that is not this customer's after all."""
        if grant_id in self.grants:
            credits, revoked = self.grants[grant_id]
            totals = self.totals.plus(granted=-credits, revoked=-revoked)
            self.trigger_event(GrantWithdrawn(grant_id=grant_id, totals=totals), why)

    def spend(self, key: str, credits: int, why: Cause) -> None:
        """Consumes credits once per key.

        Raises InsufficientCredits, InvalidCredits, and KeyReused when `key` spent another number.
        """
        if type(credits) is not int or credits <= 0:
            raise InvalidCredits(credits)
        if key in self.spends:
            if self.spends[key] != credits:
                raise KeyReused(key, self.spends[key], credits)
            return
        if credits > self.totals.available:
            raise InsufficientCredits(parse_stream(self.id).key, credits, self.totals.available)
        totals = self.totals.plus(spent=credits)
        self.trigger_event(Spent(key=key, credits=credits, totals=totals), why)

    # ---- evolve ----

    @evolves(Granted)
    def _granted(self, event: Granted) -> None:
        self.grants[event.grant_id] = (event.credits, self.grants.get(event.grant_id, (0, 0))[1])
        self.totals = event.totals

    @evolves(Revoked)
    def _revoked(self, event: Revoked) -> None:
        self.grants[event.grant_id] = (self.grants[event.grant_id][0], event.revoked)
        self.totals = event.totals

    @evolves(GrantWithdrawn)
    def _grant_withdrawn(self, event: GrantWithdrawn) -> None:
        del self.grants[event.grant_id]
        self.totals = event.totals

    @evolves(Spent)
    def _spent(self, event: Spent) -> None:
        self.spends[event.key] = event.credits
        self.totals = event.totals
