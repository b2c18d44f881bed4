"""What a mail is about, as its reader knows it: the name it was sold by, the payment, the time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta

from msgspec.structs import replace

from ledger.aggregates.group import Group
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.learning_path import LearningPath
from ledger.aggregates.offering import Offering
from ledger.aggregates.plan import Plan as Offered
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import ENDED, Standing, Subscription
from ledger.ids import Scope, parse_stream
from ledger.mail.lapsing import has_lapsed
from ledger.mail.letter import Letter
from ledger.observations import Bill, Plan
from ledger.providers.outbound import UNPAID
from ledger.reactions.effects import World

OFFERINGS: dict[str, type[Offering]] = {
    kind.CATEGORY: kind for kind in (LearningPath, Group, Offered)
}
"""What a feature begins with -> the kind of offering it stands for."""
LONGEST_DESCRIPTION = 200
CHANGE_WAITS = timedelta(days=1)  # for its payment; Stripe drops it after 23 hours
TOLD_WITHIN = timedelta(minutes=1)  # the report of a change follows its bill


def with_goods(world: World, letter: Letter) -> Letter:
    """The letter with what is known by now of its subject; what it says itself stands.

    Words are `item`, or `item_credits` or `item_account` where that has no name of its own,
    `open_bill` where one of a subscription is past due, and `over` where one bills what has ended.
    Of a subscription `next_bill` is what the provider says the next bill comes to, where known.
    """
    stream = parse_stream(letter.about)
    find = FINDERS.get(stream.category)
    if find is None:
        return letter
    found = find(world, letter.about)
    plan_id = letter.words.get("plan")
    named = {"item": _name(world, stream.scope, f"plan:{plan_id}", plan_id)} if plan_id else {}
    return replace(
        letter,
        amounts={**found.amounts, **letter.amounts},
        times={**found.times, **letter.times},
        words={**found.words, **letter.words, **named},
    )


def _of_purchase(world: World, about: str) -> Letter:
    purchase, scope = world.get(Purchase, about), parse_stream(about).scope
    words: dict[str, str | int] = {}
    if purchase.invoice_ids:
        invoice = scope.stream(Invoice.CATEGORY, purchase.invoice_ids[0])
        words = dict(_of_invoice(world, invoice).words)
    elif purchase.terms.credits:
        words = {"item_credits": purchase.terms.credits}
    elif purchase.terms.account_payment:
        words = {"item_account": 1}
    else:
        described = " ".join((purchase.terms.description or "").split())
        short = described if len(described) <= LONGEST_DESCRIPTION else ""
        words = {"item": _names(world, scope, purchase.terms.features) or short}
    if purchase.received is None:
        return Letter(about, purchase.paid_at, words=words)
    amounts, times = {"payment": purchase.received}, {"payment_at": purchase.paid_at}
    return Letter(about, purchase.paid_at, amounts, times, words)


def _of_invoice(world: World, about: str) -> Letter:
    bill, scope = world.get(Invoice, about).bill, parse_stream(about).scope
    empty = Letter(about, world.clock())
    if bill is None or bill.subscription_id is None:
        return empty
    subscription = world.get(
        Subscription, scope.stream(Subscription.CATEGORY, bill.subscription_id)
    )
    plan = _billed(world, bill, subscription.id)
    covers = bill.covers
    times = {"covers_from": covers.start, "covers_until": covers.end} if covers else {}
    words: dict[str, str | int] = {"item": _item(world, scope, plan)} if plan else {}
    if subscription.plan and subscription.plan.status in ENDED:
        words["over"] = 1
    return replace(empty, times=times, words=words)


def _billed(world: World, bill: Bill, about: str) -> Plan | None:
    """The plan that was billed, whatever was chosen since; a change may wait to be paid itself."""
    sent, paid = bill.finalized_at, bill.paid_at
    waited = sent is None or (paid is not None and paid - sent < CHANGE_WAITS)
    by = ((paid if waited else sent) or world.clock()) + TOLD_WITHIN
    events = world.load([about]).get(about, ())
    standings = [each.standing for each in events if isinstance(each, Standing)]
    by_then = [each.state for each in standings if each.created <= by]
    return by_then[-1] if by_then else next((each.state for each in standings), None)


def _of_subscription(world: World, about: str) -> Letter:
    subscription, scope = world.get(Subscription, about), parse_stream(about).scope
    plan, due = subscription.plan, subscription.next_due
    empty = Letter(about, world.clock(), {"next_bill": due} if due else {})
    if plan is None:
        return empty
    words: dict[str, str | int] = {"item": _item(world, scope, plan), "quantity": plan.quantity}
    if plan.status in UNPAID or has_lapsed(world, subscription):
        words["open_bill"] = 1
    if plan.period is None or plan.status != "active" or plan.cancel_at:
        return replace(empty, words=words)
    return replace(empty, words=words, times={"next_bill_at": plan.period.end})


def _item(world: World, scope: Scope, plan: Plan) -> str:
    return _names(world, scope, [f"plan:{plan.plan_id}"] if plan.plan_id else plan.features)


def _names(world: World, scope: Scope, features: Iterable[str]) -> str:
    return ", ".join(filter(None, (_name(world, scope, each) for each in sorted(features))))


def _name(world: World, scope: Scope, feature: str, otherwise: str | int = "") -> str:
    """What a feature was sold as; the catalog is the platform's, whoever is paid."""
    category, _, key = feature.partition(":")
    kind = OFFERINGS.get(category)
    if kind is None or not key:
        return str(otherwise)
    stream = replace(scope, account="").stream(category, key)
    offer = world.get(kind, stream).offer
    return offer.name if offer else str(otherwise)


FINDERS: dict[str, Callable[[World, str], Letter]] = {
    Purchase.CATEGORY: _of_purchase,
    Invoice.CATEGORY: _of_invoice,
    Subscription.CATEGORY: _of_subscription,
}
"""Category of the stream a letter is about -> how what it is about is found."""
