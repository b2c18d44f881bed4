"""Before 2022-08-01 a Checkout Session made its payment intent when it was opened."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from web.sandbox.truth.intents import Intent
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Fact


def payments_opened_with_sessions(facts: list[Fact], before: Callable[[int], bool]) -> list[Fact]:
    """The facts with payments opened earlier, and also where nobody ever paid."""
    sessions = {fact.noun.id: fact.noun for fact in facts if isinstance(fact.noun, Session)}
    old = [each for each in sessions.values() if _takes_money(each) and before(each.created)]
    opened = {each.intent: each.created for each in old if each.intent is not None}
    never_paid = {each.id: _intent(each) for each in old if each.intent is None}
    retold = (told for fact in facts for told in _retold(fact, opened, never_paid))
    return sorted(retold, key=lambda fact: fact.at)


def _takes_money(session: Session) -> bool:
    return session.mode == "payment" and session.amount_total > 0


def _retold(fact: Fact, opened: dict[str, int], never_paid: dict[str, Intent]) -> Iterable[Fact]:
    if isinstance(fact.noun, Intent) and fact.noun.id in opened:
        return [_earlier(fact, opened[fact.noun.id])]
    if isinstance(fact.noun, Session) and fact.noun.id in never_paid:
        return _expired(fact, never_paid[fact.noun.id])
    return [fact]


def _earlier(fact: Fact, created: int) -> Fact:
    """The payment as one that exists since its session was opened."""
    told = replace(
        fact,
        noun=replace(fact.noun, created=created),
        before=fact.before and replace(fact.before, created=created),
    )
    return replace(told, at=created) if fact.type == "payment_intent.created" else told


def _expired(fact: Fact, intent: Intent) -> Iterator[Fact]:
    """The session expired, and its payment with it."""
    end = {"status": "canceled", "canceled_at": fact.at, "cancellation_reason": "automatic"}
    canceled = replace(intent, **end)  # type: ignore[arg-type] # by name
    yield Fact(_id("O", intent), "payment_intent.created", intent.created, intent, None, None)
    yield Fact(_id("C", intent), "payment_intent.canceled", fact.at, canceled, intent, None)
    yield replace(fact, noun=_of(fact.noun, intent), before=_of(fact.before, intent))


def _intent(session: Session) -> Intent:
    """The payment nobody made."""
    return Intent(
        id="pi_3" + session.id[-24:],
        account=session.account,
        created=session.created,
        amount=session.amount_total,
        currency=session.currency,
        customer=session.customer,
        metadata=session.intent_metadata,
        receipt_email=session.email,
        method=session.method,
    )


def _of(session: Noun | None, intent: Intent) -> Session:
    assert isinstance(session, Session)
    return replace(session, intent=intent.id)


def _id(letter: str, intent: Intent) -> str:
    return f"evt_1{letter}{intent.id[-23:]}"
