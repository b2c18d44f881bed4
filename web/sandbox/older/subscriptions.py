"""Before 2025-03-31 Checkout made a subscription and its invoice first, and then the payment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.invoices import Invoice
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.subscriptions import Subscription
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Fact


def subscribed_before_paid(facts: list[Fact], before: Callable[[int], bool]) -> list[Fact]:
    """The facts with each such subscription incomplete until the payment of its invoice."""
    visits = [(fact.at, fact.noun) for fact in facts if _subscribes(fact) and before(fact.at)]
    paid_by = {
        fact.noun.intent: fact.noun.id
        for fact in facts
        if isinstance(fact.noun, Invoice) and fact.noun.intent
    }
    seconds = _by_second(facts)
    for at, visit in visits:
        seconds[at] = _retold(seconds[at], visit, paid_by)
    return [fact for now in seconds.values() for fact in now]


def _subscribes(fact: Fact) -> bool:
    visit = fact.noun
    done = fact.type == "checkout.session.completed"
    return done and isinstance(visit, Session) and visit.subscription is not None


def _by_second(facts: list[Fact]) -> dict[int, list[Fact]]:
    seconds: dict[int, list[Fact]] = {}
    for fact in facts:
        seconds.setdefault(fact.at, []).append(fact)
    return seconds


def _retold(now: list[Fact], visit: Noun, paid_by: dict[str, str]) -> list[Fact]:
    """One second's facts: what pays the visit's invoice comes after the invoice is final."""
    if not isinstance(visit, Session) or visit.invoice is None:
        return now
    money = [_told(fact, visit.invoice) for fact in now if _pays(fact.noun, visit, paid_by)]
    others = [fact for fact in now if not _pays(fact.noun, visit, paid_by)]
    final = next(n for n, fact in enumerate(others) if _is(fact, "invoice.finalized", visit))
    begun = next(fact for fact in others if fact.noun.id == visit.subscription)
    bought = [_incomplete(fact, begun) for fact in others]
    return [*bought[: final + 1], *money, *bought[final + 1 :], _active(begun)]


def _is(fact: Fact, type_: str, visit: Session) -> bool:
    return fact.type == type_ and fact.noun.id == visit.invoice


def _pays(noun: Noun, visit: Session, paid_by: dict[str, str]) -> bool:
    key = noun.intent if isinstance(noun, Charge) else noun.id
    payment = isinstance(noun, Charge | Intent)
    return payment and visit.invoice is not None and paid_by.get(key) == visit.invoice


def _told(fact: Fact, invoice: str) -> Fact:
    """The payment is the invoice's from its beginning; that it says so comes a moment later."""
    if not isinstance(fact.noun, Intent):
        return fact
    told = None if fact.type == "payment_intent.created" else invoice
    return replace(fact, noun=replace(fact.noun, invoice=invoice, order_reference=told))


def _incomplete(fact: Fact, begun: Fact) -> Fact:
    return replace(fact, noun=_unpaid(begun.noun)) if fact is begun else fact


def _active(begun: Fact) -> Fact:
    """The invoice is paid, so the subscription begins."""
    return replace(
        begun,
        id=f"evt_1A{begun.id[-23:]}",
        type="customer.subscription.updated",
        before=_unpaid(begun.noun),
    )


def _unpaid(noun: Noun) -> Noun:
    assert isinstance(noun, Subscription)
    return replace(noun, status="incomplete")
