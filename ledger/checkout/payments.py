"""Payments that are collected in a page, as commands find, open and give them up."""

from __future__ import annotations

from ledger.aggregates.purchase import Purchase
from ledger.aggregates.shopper import Order
from ledger.aggregates.shopper_events import PaymentAsked
from ledger.checkout.refusals import AlreadyBought
from ledger.checkout.visit import Try, Visit
from ledger.providers.outbound import NewPayment, OpenPayment
from ledger.providers.problems import ProviderBadRequest

ON_ITS_WAY = ("processing", "succeeded")
"""Money that has left the payer: only its webhook says what becomes of it."""


def payment_for(at: Visit, subject: str, new: NewPayment) -> OpenPayment:
    """The one open payment for a subject.

    One on other terms is given up first. Raises AlreadyBought when it was paid, and not taken back.
    """
    order = at.shopper.order(subject)
    if order is not None:
        found = _opened(at, order)
        if found.state == "succeeded" and not _taken_back(at, found.id):
            raise AlreadyBought(subject, found.id)
        if _waits(found) and order.new == new:
            return found
        found = given_up(at, order.key, found)
        if found.state in ON_ITS_WAY and not _taken_back(at, found.id):
            return found
        at.close(order, found.state)
    return _opened(at, at.order(PaymentAsked, subject, new))


def given_up(at: Try, key: str, found: OpenPayment) -> OpenPayment:
    """A payment as it stands once it was given up, if it was not made just before."""
    if not _waits(found):
        return found
    try:
        return at.outbound.cancel_payment(f"{key}/cancel", found.id)
    except ProviderBadRequest:
        after = at.outbound.payment(found.id)
        if _waits(after):
            raise
        return after


def _waits(found: OpenPayment) -> bool:
    return found.state in ("requires_payment_method", "requires_action")


def _opened(at: Visit, order: Order) -> OpenPayment:
    """The payment of an order as the provider has it now, asked for if it was not yet."""
    if order.provider_id is not None:
        return at.outbound.payment(order.provider_id)
    found = at.ask(order, lambda: at.outbound.open_payment(order.key, order.new))
    at.opened(order, found.id)
    return found


def _taken_back(at: Visit, payment_id: str) -> bool:
    return at.get(Purchase, payment_id).taken_back is not None
