"""The account of one customer: what they owe, the payments asked for, and the money that came."""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar

import msgspec

from ledger.account_standing import (
    ChargeStanding,
    Debt,
    PaymentStanding,
    Request,
    Standing,
    standing,
)
from ledger.aggregates.aggregate import Aggregate, evolves
from ledger.effects import AccountCredit
from ledger.event import Cause, Event
from ledger.ids import request_key
from ledger.providers.outbound import NewPayment


class ChargeAdded(Event, frozen=True):
    """The customer owes something."""

    TOPIC = "ChargeAccount.ChargeAdded"
    charge_id: str
    debt: Debt


class ChargeWaived(Event, frozen=True):
    """The customer need not pay it."""

    TOPIC = "ChargeAccount.ChargeWaived"
    charge_id: str


class PaymentRequested(Event, frozen=True):
    """The provider is about to be asked, under `key`, to collect a payment for these charges."""

    TOPIC = "ChargeAccount.PaymentRequested"
    request_id: str
    key: str
    request: Request
    new: NewPayment


class PaymentOpened(Event, frozen=True):
    """The provider has the payment that was asked for."""

    TOPIC = "ChargeAccount.PaymentOpened"
    request_id: str
    payment_id: str


class PaymentGivenUp(Event, frozen=True):
    """A payment is not waited for any more; money that comes for it all the same is not matched."""

    TOPIC = "ChargeAccount.PaymentGivenUp"
    request_id: str
    why: str


class Credited(Event, frozen=True):
    """What a purchase brings to this account as it stands; None: it was another's after all."""

    TOPIC = "ChargeAccount.Credited"
    purchase_id: str
    credit: AccountCredit | None


class Assigned(Event, frozen=True):
    """A person said which charges the money of a purchase pays."""

    TOPIC = "ChargeAccount.Assigned"
    purchase_id: str
    charge_ids: tuple[str, ...]


class Settled(Event, frozen=True):
    """The charges and payments that stand otherwise than before, whole, and payments now gone."""

    TOPIC = "ChargeAccount.Settled"
    charges: dict[str, ChargeStanding] = msgspec.field(default_factory=dict)
    payments: dict[str, PaymentStanding] = msgspec.field(default_factory=dict)
    gone: tuple[str, ...] = ()


EVENTS = (
    ChargeAdded, ChargeWaived, PaymentRequested, PaymentOpened, PaymentGivenUp, Credited,
    Assigned, Settled,
)  # fmt: skip

S = TypeVar("S")

NOTHING = Standing({}, {})


class ChargeAccount(Aggregate):
    """Facts about one account, and how its charges and payments stand by them."""

    CATEGORY = "charge_account"

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.debts: dict[str, Debt] = {}
        self.requests: dict[str, Request] = {}
        self.asked: dict[str, tuple[str, NewPayment]] = {}
        self.credits: dict[str, AccountCredit] = {}
        self.assigned: dict[str, tuple[str, ...]] = {}
        self.standing = NOTHING

    # ---- decide ----

    def add(self, charge_id: str, debt: Debt, why: Cause) -> None:
        """Takes over a new charge; what is known by this id stays as it is."""
        if charge_id not in self.debts:
            self.trigger_event(ChargeAdded(charge_id=charge_id, debt=debt), why)
            self._settle(why)

    def waive(self, charge_id: str, why: Cause) -> None:
        """Takes over that a charge need not be paid."""
        if not self.debts[charge_id].waived:
            self.trigger_event(ChargeWaived(charge_id=charge_id), why)
            self._settle(why)

    def request(self, request: Request, new: NewPayment, why: Cause) -> str:
        """Asks for a payment; gives the id of the request."""
        request_id = self.next_request_id
        asked = PaymentRequested(
            request_id=request_id,
            key=request_key(self.id, request_id, why.recorded_at),
            request=request,
            new=new,
        )
        self.trigger_event(asked, why)
        self._settle(why)
        return request_id

    def opened(self, request_id: str, payment_id: str, why: Cause) -> None:
        """Takes over which payment the provider has for a request."""
        if self.requests[request_id].payment_id is None:
            self.trigger_event(PaymentOpened(request_id=request_id, payment_id=payment_id), why)
            self._settle(why)

    def give_up(self, request_id: str, because: str, why: Cause) -> None:
        """Waits for a payment no longer."""
        if self.requests[request_id].canceled is None:
            self.trigger_event(PaymentGivenUp(request_id=request_id, why=because), why)
            self._settle(why)

    def hold(self, purchase_id: str, credit: AccountCredit | None, why: Cause) -> None:
        """Takes over what one purchase brings, or that it brings nothing any more."""
        if self.credits.get(purchase_id) != credit:
            self.trigger_event(Credited(purchase_id=purchase_id, credit=credit), why)
            self._settle(why)

    def assign(self, purchase_id: str, charge_ids: tuple[str, ...], why: Cause) -> None:
        """Takes over which charges a purchase pays, whatever it was asked for."""
        if self.assigned.get(purchase_id) != charge_ids:
            self.trigger_event(Assigned(purchase_id=purchase_id, charge_ids=charge_ids), why)
            self._settle(why)

    def _settle(self, why: Cause) -> None:
        before = self.standing
        after = standing(self.debts, self.requests, self.credits, self.assigned)
        if after != before:
            changed = Settled(
                charges=_new(before.charges, after.charges),
                payments=_new(before.payments, after.payments),
                gone=tuple(key for key in before.payments if key not in after.payments),
            )
            self.trigger_event(changed, why)

    # ---- what is known ----

    @property
    def next_request_id(self) -> str:
        """The id the next request will have."""
        return f"ap_{len(self.requests) + 1}"

    @property
    def open_request(self) -> str | None:
        """The id of the payment that is waited for."""
        waited = (key for key, each in self.standing.payments.items() if each.status == "pending")
        return next(waited, None)

    def due(self, before: datetime | None) -> dict[str, Debt]:
        """The unpaid charges that were due before a time, or all; the earliest due first."""
        unpaid = [
            (key, each.debt) for key, each in self.standing.charges.items() if each.status == "open"
        ]
        found = [each for each in unpaid if before is None or each[1].due_at < before]
        return dict(sorted(found, key=lambda each: (each[1].due_at, each[0])))

    # ---- evolve ----

    @evolves(ChargeAdded)
    def _charge_added(self, event: ChargeAdded) -> None:
        self.debts[event.charge_id] = event.debt

    @evolves(ChargeWaived)
    def _charge_waived(self, event: ChargeWaived) -> None:
        waived = msgspec.structs.replace(self.debts[event.charge_id], waived=True)
        self.debts[event.charge_id] = waived

    @evolves(PaymentRequested)
    def _payment_requested(self, event: PaymentRequested) -> None:
        self.requests[event.request_id] = event.request
        self.asked[event.request_id] = (event.key, event.new)

    @evolves(PaymentOpened)
    def _payment_opened(self, event: PaymentOpened) -> None:
        opened = msgspec.structs.replace(
            self.requests[event.request_id], payment_id=event.payment_id
        )
        self.requests[event.request_id] = opened

    @evolves(PaymentGivenUp)
    def _payment_given_up(self, event: PaymentGivenUp) -> None:
        given_up = msgspec.structs.replace(self.requests[event.request_id], canceled=event.why)
        self.requests[event.request_id] = given_up

    @evolves(Credited)
    def _credited(self, event: Credited) -> None:
        if event.credit is None:
            self.credits.pop(event.purchase_id, None)
        else:
            self.credits[event.purchase_id] = event.credit

    @evolves(Assigned)
    def _assigned(self, event: Assigned) -> None:
        self.assigned[event.purchase_id] = event.charge_ids

    @evolves(Settled)
    def _settled(self, event: Settled) -> None:
        kept = {k: v for k, v in self.standing.payments.items() if k not in event.gone}
        self.standing = Standing(
            {**self.standing.charges, **event.charges}, {**kept, **event.payments}
        )


def _new(before: dict[str, S], after: dict[str, S]) -> dict[str, S]:
    return {key: each for key, each in after.items() if before.get(key) != each}
