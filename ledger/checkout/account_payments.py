"""Charges on a customer's account, and the one open payment for them.

What is to be paid is computed here, from the charges that are unpaid. When these change while a
payment is open, the next command gives that one up and opens another; money that comes for a
payment that was given up is kept and marked, never settled.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from ledger.account_standing import Debt, Request, total
from ledger.aggregates.charge_account import ChargeAccount
from ledger.checkout import descriptions
from ledger.checkout.brand import Brand
from ledger.checkout.payments import ON_ITS_WAY, given_up
from ledger.checkout.refusals import (
    ChargeSettled,
    InvalidTerms,
    KeyTaken,
    NothingDue,
    UnknownCharge,
    WrongAmount,
)
from ledger.checkout.registration import Person, enrolled
from ledger.checkout.shop import Shop
from ledger.checkout.visit import FINAL, Try, Visit, attempt, visit
from ledger.checkout.words import checked_id, checked_text
from ledger.errors import CurrencyMismatch, UnknownPayment
from ledger.money import Money
from ledger.providers.outbound import NewPayment, OpenPayment


class NewCharge(msgspec.Struct, frozen=True):
    """Something a user owes from `due_at` on."""

    charge_id: str
    user_id: str
    amount: Money
    description: str
    due_at: datetime


class AccountPayment(msgspec.Struct, frozen=True):
    """A payment as it stands, and the charges it is for."""

    payment: OpenPayment
    charge_ids: tuple[str, ...]


class Payable(msgspec.Struct, frozen=True):
    """What a user could pay: what is past due, and all; None where that is nothing."""

    past_due: Money | None
    all_due: Money | None


def add_charge(shop: Shop, new: NewCharge, now: datetime) -> None:
    """Puts a charge on a user's account, once.

    Raises InvalidTerms, KeyTaken when another charge of the user has this id, CurrencyMismatch
    when the user owes in another currency, Contended and StoreUnavailable.
    """
    debt = _debt(new)

    def work(at: Try) -> None:
        account = at.get(ChargeAccount, checked_id("user_id", new.user_id))
        known = account.debts.get(checked_id("charge_id", new.charge_id))
        if known is not None and msgspec.structs.replace(known, waived=False) != debt:
            raise KeyTaken(new.charge_id)
        owed = {each.amount.currency for each in account.due(None).values()}
        for other in owed - {new.amount.currency}:
            raise CurrencyMismatch(other, new.amount.currency)
        account.add(new.charge_id, debt, at.why)
        at.store()

    attempt(shop, now, work)


def waive_charge(shop: Shop, user_id: str, charge_id: str, now: datetime) -> None:
    """Lets a charge go unpaid.

    Raises UnknownCharge, ChargeSettled when it is paid, Contended and StoreUnavailable.
    """

    def work(at: Try) -> None:
        account = at.get(ChargeAccount, checked_id("user_id", user_id))
        known = account.standing.charges.get(charge_id)
        if known is None:
            raise UnknownCharge(charge_id)
        if known.status == "paid":
            raise ChargeSettled(charge_id)
        account.waive(charge_id, at.why)
        at.store()

    attempt(shop, now, work)


def assign_payment(
    shop: Shop, user_id: str, payment_id: str, charge_ids: Sequence[str], now: datetime
) -> None:
    """Says which charges money pays that came from outside, or that was mismatched.

    Raises UnknownPayment, ChargeSettled when it pays others already or one of these is not open,
    UnknownCharge, WrongAmount, Contended and StoreUnavailable.
    """
    chosen = tuple(sorted(set(charge_ids)))

    def work(at: Try) -> None:
        account = at.get(ChargeAccount, checked_id("user_id", user_id))
        if account.assigned.get(payment_id) != chosen:
            _check_assigned(account, payment_id, chosen)
            account.assign(payment_id, chosen, at.why)
            at.store()

    attempt(shop, now, work)


def _check_assigned(account: ChargeAccount, payment_id: str, chosen: tuple[str, ...]) -> None:
    credit = account.credits.get(payment_id)
    if credit is None or credit.taken_back_at is not None:
        raise UnknownPayment(payment_id)
    for key in chosen:
        if key not in account.debts:
            raise UnknownCharge(key)
    paid_by = {each.payment_id for each in account.standing.charges.values()}
    taken = [key for key in chosen if account.standing.charges[key].status != "open"]
    if payment_id in paid_by or taken:
        raise ChargeSettled(taken[0] if taken else payment_id)
    wanted = total(account.debts[key] for key in chosen)
    if wanted != credit.received:
        raise WrongAmount(payment_id, str(credit.received), str(wanted or "none"))


def payable(shop: Shop, user_id: str, now: datetime) -> Payable:
    """What a user could pay at a moment."""
    account = Try(shop).get(ChargeAccount, checked_id("user_id", user_id))
    return Payable(total(account.due(now).values()), total(account.due(None).values()))


def get_or_create_payment(
    shop: Shop, person: Person, past_due_only: bool, now: datetime
) -> AccountPayment:
    """The one open payment for a user's unpaid charges, or those past due.

    One whose money is on its way is returned as it stands, until its webhook is in. Raises
    NothingDue, Contended, StoreUnavailable and ProviderProblem.
    """

    def work(at: Visit) -> AccountPayment:
        account = at.get(ChargeAccount, at.user_id)
        due = account.due(now if past_due_only else None)
        open_id = account.open_request
        if open_id is not None:
            found = _as_it_is(at, account, open_id, due)
            if found is not None:
                return found
        if not due:
            raise NothingDue(person.user_id)
        return _asked(at, account, _request(at, person, due))

    return visit(shop, person.user_id, now, work)


def _debt(new: NewCharge) -> Debt:
    if new.amount.minor == 0:
        raise InvalidTerms("charge", "an amount above 0 is needed")
    if new.due_at.tzinfo is None:
        raise InvalidTerms("charge", "the time it is due needs a time zone")
    return Debt(new.amount, checked_text("description", new.description), new.due_at)


def _as_it_is(
    at: Visit, account: ChargeAccount, request_id: str, due: Mapping[str, Debt]
) -> AccountPayment | None:
    """The payment that is open, unless it is for other charges than these: then it is given up."""
    request, (key, _) = account.requests[request_id], account.asked[request_id]
    found = _opened(at, account, request_id)
    fits = (set(request.charge_ids), request.amount) == (set(due), total(due.values()))
    if not fits:
        found = given_up(at, key, found)
    if found.state in ON_ITS_WAY or (fits and found.state != "canceled"):
        return AccountPayment(found, request.charge_ids)
    why = "the provider canceled it" if fits else "its charges changed"
    account.give_up(request_id, why, at.why)
    at.store()
    return None


def _request(at: Visit, person: Person, due: Mapping[str, Debt]) -> Request:
    amount = total(due.values())
    assert amount is not None
    return Request(tuple(due), amount, at.now, enrolled(at, person))


def _asked(at: Visit, account: ChargeAccount, request: Request) -> AccountPayment:
    """A payment for these charges, recorded, then opened."""
    new = NewPayment(
        request.provider_customer_id,
        request.amount,
        descriptions.account(at.shop.brand, len(request.charge_ids)),
        {**at.metadata, "account_payment": account.next_request_id, **_grouped(at.shop.brand)},
    )
    request_id = account.request(request, new, at.why)
    at.store()
    return AccountPayment(_opened(at, account, request_id), request.charge_ids)


def _grouped(brand: Brand) -> dict[str, str]:
    """The product that payments from here are grouped by at the provider, if there is one."""
    return {"product_id": brand.payments_product_id} if brand.payments_product_id else {}


def _opened(at: Visit, account: ChargeAccount, request_id: str) -> OpenPayment:
    """The payment of a request as the provider has it now, asked for if it was not yet."""
    payment_id = account.requests[request_id].payment_id
    if payment_id is not None:
        return at.outbound.payment(payment_id)
    key, new = account.asked[request_id]
    try:
        found = at.outbound.open_payment(key, new)
    except FINAL as problem:
        account.give_up(request_id, problem.code, at.why)
        at.store()
        raise
    account.opened(request_id, found.id, at.why)
    at.store()
    return found
