"""Before 2024-04-10 a charge was captured at once and knew its balance transaction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from web.sandbox.truth.intents import Charge
from web.sandbox.truth.view import Noun
from web.sandbox.truth.world import Fact


def fees_known_at_once(facts: list[Fact], before: Callable[[int], bool]) -> list[Fact]:
    """The facts without the later `charge.updated` that brought the transaction."""
    late = [fact for fact in facts if _books(fact) and before(fact.noun.created)]
    booked = {fact.noun.id: fact.noun for fact in late}
    dropped = {fact.id for fact in late}
    return [_known(fact, booked) for fact in facts if fact.id not in dropped]


def _books(fact: Fact) -> bool:
    pair = fact.before, fact.noun
    had, has = (each.balance_transaction if isinstance(each, Charge) else None for each in pair)
    return had is None and has is not None


def _known(fact: Fact, booked: dict[str, Noun]) -> Fact:
    if not isinstance(fact.noun, Charge) or fact.noun.id not in booked:
        return fact
    return replace(
        fact, noun=_with(fact.noun, booked), before=fact.before and _with(fact.before, booked)
    )


def _with(noun: Noun, booked: dict[str, Noun]) -> Noun:
    last = booked[noun.id]
    assert isinstance(noun, Charge)
    assert isinstance(last, Charge)
    money_came = noun.status == "succeeded"
    return replace(noun, balance_transaction=last.balance_transaction) if money_came else noun
