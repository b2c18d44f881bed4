"""Whether what a mail announces still holds when its time has come."""

from __future__ import annotations

from collections.abc import Callable

from ledger.aggregates.invoice import Invoice
from ledger.aggregates.mirrors import PaymentMethod
from ledger.aggregates.plan import Plan as Offered
from ledger.aggregates.subscription import Subscription
from ledger.ids import parse_stream
from ledger.mail.cards import expiry
from ledger.mail.lapsing import paid_until
from ledger.mail.letter import Letter
from ledger.reactions.effects import World

SUFFERING = ("past_due", "unpaid", "canceled")

Check = Callable[[World, Letter], bool]


def is_owed(world: World, letter: Letter) -> bool:
    """The invoice is open since that try; without a next one, its subscription suffers by it.

    A bank debit that takes days looks just like a last try that failed, but for that.
    """
    bill = world.get(Invoice, letter.about).bill
    if bill is None or bill.status != "open" or bill.attempt_count != letter.words["attempt"]:
        return False
    if "next_try_at" in letter.times:
        return True
    if bill.subscription_id is None:
        return False
    scope = parse_stream(letter.about).scope
    stream = scope.stream(Subscription.CATEGORY, bill.subscription_id)
    plan = world.get(Subscription, stream).plan
    return plan is not None and plan.status in SUFFERING


def renews(world: World, letter: Letter) -> bool:
    """It runs, in the same period, not cancelled, and as far as we know it costs something."""
    subscription = world.get(Subscription, letter.about)
    plan = subscription.plan
    if plan is None or plan.cancel_at or plan.period is None:
        return False
    if plan.status != "active" and not _is_paid_trial(world, subscription):
        return False
    if plan.plan_id is not None and _is_free(world, letter.about, plan.plan_id):
        return False
    return plan.period.end == letter.times["renews_at"] > world.clock()


def _is_free(world: World, about: str, plan_id: str) -> bool:
    offer = world.get(Offered, parse_stream(about).scope.stream(Offered.CATEGORY, plan_id)).offer
    return offer is not None and offer.price is not None and offer.price.minor == 0


def _is_paid_trial(world: World, subscription: Subscription) -> bool:
    """Whether it is a trial to the provider only, since all of its time is paid for."""
    plan = subscription.plan
    if plan is None or plan.status != "trialing" or plan.trial is None:
        return False
    until = paid_until(world, subscription)
    return until is not None and plan.trial.end <= until


def trial_ends(world: World, letter: Letter) -> bool:
    """It is in the same trial, not cancelled, and not paid for."""
    subscription = world.get(Subscription, letter.about)
    plan = subscription.plan
    if plan is None or plan.status != "trialing" or plan.cancel_at or plan.trial is None:
        return False
    if _is_paid_trial(world, subscription):  # it renews
        return False
    return plan.trial.end == letter.times["trial_ends_at"] > world.clock()


def card_ends(world: World, letter: Letter) -> bool:
    """The card is still kept, and has not been renewed."""
    facts = world.get(PaymentMethod, letter.about).facts
    if facts.standing is None or "detached" in facts.since:
        return False
    return expiry(facts.standing.state) == letter.times["ends_at"] > world.clock()


STILL: dict[str, Check] = {
    "payment_failed": is_owed,
    "will_renew": renews,
    "trial_ending": trial_ends,
    "card_expiring": card_ends,
}
"""Template -> what must hold for it to be sent; the others tell what has happened for good."""
