"""How an account of charges stands: which payment settles which charges, derived from facts.

The same facts say the same in whatever order they became known. Money pays exactly the charges it
was asked for, or none: whatever does not fit is kept and marked as mismatched.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from types import MappingProxyType
from typing import Literal

import msgspec
from msgspec.structs import replace

from ledger.effects import AccountCredit
from ledger.money import Money

ChargeStatus = Literal["open", "paid", "waived"]
PaymentStatus = Literal["pending", "paid", "mismatched", "refunded", "canceled"]


class Debt(msgspec.Struct, frozen=True, omit_defaults=True):
    """A charge as it was made: what is owed, for what, and from when on."""

    amount: Money
    description: str
    due_at: datetime
    waived: bool = False


class Request(msgspec.Struct, frozen=True, omit_defaults=True):
    """A payment that was asked for, and the charges it is for; `canceled` says why it was given up.

    `payment_id` is the provider's, once its answer was recorded.
    """

    charge_ids: tuple[str, ...]
    amount: Money
    requested_at: datetime
    provider_customer_id: str
    payment_id: str | None = None
    canceled: str | None = None


class ChargeStanding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A charge as it stands, and the payment that settled it."""

    debt: Debt
    status: ChargeStatus
    paid_at: datetime | None = None
    payment_id: str | None = None


class PaymentStanding(msgspec.Struct, frozen=True, omit_defaults=True):
    """A payment as it stands; `mismatch` says why money that came settles nothing."""

    status: PaymentStatus
    amount: Money
    charge_ids: tuple[str, ...] = ()
    request_id: str | None = None
    payment_id: str | None = None
    provider_customer_id: str | None = None
    requested_at: datetime | None = None
    paid_at: datetime | None = None
    refunded_minor: int = 0
    mismatch: str | None = None


class Purpose(msgspec.Struct, frozen=True):
    """What money is for, and how much that is; `problem` says why it can settle nothing."""

    charge_ids: tuple[str, ...] = ()
    amount: Money | None = None
    problem: str | None = None


NOTHING_ASSIGNED: Mapping[str, tuple[str, ...]] = MappingProxyType({})


class Standing(msgspec.Struct, frozen=True):
    """All charges by id, and all payments by the request (or, without one, the purchase)."""

    charges: dict[str, ChargeStanding]
    payments: dict[str, PaymentStanding]


def standing(
    debts: Mapping[str, Debt],
    requests: Mapping[str, Request],
    credits: Mapping[str, AccountCredit],
    assigned: Mapping[str, tuple[str, ...]] = NOTHING_ASSIGNED,
) -> Standing:
    """Everything as it stands; `credits`, and the charges `assigned` to them, are by purchase."""
    charges = {key: _unpaid(debt) for key, debt in debts.items()}
    payments = {key: _waiting(key, request) for key, request in requests.items()}
    for purchase_id, credit in in_order(credits):
        purpose = _purpose(requests, debts, credit, assigned.get(purchase_id))
        mismatch = _mismatch(purpose, credit, charges)
        request = requests.get(credit.request_id or "")
        key, payment = _received(purchase_id, credit, request, purpose, payments)
        if payment.status == "paid" and mismatch:
            payment = replace(payment, status="mismatched", mismatch=mismatch)
        payments[key] = payment
        if payment.status == "paid":
            charges |= _settled(charges, purpose.charge_ids, purchase_id, credit.paid_at)
    return Standing(charges, payments)


def total(debts: Iterable[Debt]) -> Money | None:
    """What these come to; None for none of them."""
    amounts = [each.amount for each in debts]
    return reduce(Money.__add__, amounts) if amounts else None


def in_order(credits: Mapping[str, AccountCredit]) -> Iterable[tuple[str, AccountCredit]]:
    """The money in the order in which it was paid."""
    return sorted(credits.items(), key=lambda each: (each[1].paid_at, each[0]))


def _unpaid(debt: Debt) -> ChargeStanding:
    return ChargeStanding(debt, "waived" if debt.waived else "open")


def _waiting(key: str, request: Request) -> PaymentStanding:
    return PaymentStanding(
        status="canceled" if request.canceled else "pending",
        amount=request.amount,
        charge_ids=request.charge_ids,
        request_id=key,
        payment_id=request.payment_id,
        provider_customer_id=request.provider_customer_id,
        requested_at=request.requested_at,
    )


def _purpose(
    requests: Mapping[str, Request],
    debts: Mapping[str, Debt],
    credit: AccountCredit,
    assigned: tuple[str, ...] | None,
) -> Purpose:
    """What a person said money is for, else what it was asked for."""
    if assigned is not None:
        return Purpose(assigned, total(debts[key] for key in assigned))
    if credit.request_id is None:
        return Purpose()
    request = requests.get(credit.request_id)
    if request is None:
        return Purpose(problem="it was never asked for")
    problem = f"it was given up before: {request.canceled}" if request.canceled else None
    return Purpose(request.charge_ids, request.amount, problem)


def _mismatch(
    purpose: Purpose, credit: AccountCredit, charges: Mapping[str, ChargeStanding]
) -> str | None:
    """Why this money does not settle what it is for; None when it does."""
    if purpose.problem:
        return purpose.problem
    if purpose.amount is not None and credit.received != purpose.amount:
        return f"{purpose.amount} was asked for"
    taken = [key for key in purpose.charge_ids if charges[key].status != "open"]
    return f"no longer open: {', '.join(taken)}" if taken else None


def _received(
    purchase_id: str,
    credit: AccountCredit,
    request: Request | None,
    purpose: Purpose,
    payments: Mapping[str, PaymentStanding],
) -> tuple[str, PaymentStanding]:
    """The row of this money: its request's, unless other money has that already."""
    first = request is not None and payments[credit.request_id or ""].paid_at is None
    asked_of = request.provider_customer_id if request else credit.provider_customer_id
    return (credit.request_id or "") if first else purchase_id, PaymentStanding(
        status="paid" if credit.taken_back_at is None else "refunded",
        amount=credit.received,
        charge_ids=purpose.charge_ids,
        request_id=credit.request_id,
        payment_id=purchase_id,
        provider_customer_id=asked_of,
        requested_at=request.requested_at if request else None,
        paid_at=credit.paid_at,
        refunded_minor=credit.refunded_minor,
    )


def _settled(
    charges: Mapping[str, ChargeStanding],
    charge_ids: tuple[str, ...],
    purchase_id: str,
    at: datetime,
) -> dict[str, ChargeStanding]:
    return {key: ChargeStanding(charges[key].debt, "paid", at, purchase_id) for key in charge_ids}
