"""Stories of things bought once, and of what goes wrong with them."""

from __future__ import annotations

from collections.abc import Generator

from web.sandbox.lives.person import Person, Script
from web.sandbox.lives.shop import GROUPS, LEARNING_PATHS
from web.sandbox.truth import disputes, payments, refunds
from web.sandbox.truth.intents import Intent

Purchase = Generator[int, None, Intent]


def learning_path(me: Person) -> Purchase:
    """Buys a learning path by payment intent."""
    yield me.days(1, 60)
    path = me.random.choice(list(LEARNING_PATHS))
    what = f"Academy - Premium Learning Path - Path {path} (ID {path})"
    intent = me.opens_payment(LEARNING_PATHS[path], {"learning_path_id": path}, what)
    yield me.minutes()
    payments.pay(me.truth, intent, me.card())
    return intent


def group_registration(me: Person) -> Purchase:
    """Pays a group registration once."""
    yield me.days(1, 60)
    group = me.random.choice(list(GROUPS))
    what = f"Academy - Premium Group - Group {group} (ID {group})"
    intent = me.opens_payment(GROUPS[group], {"group_id": group}, what)
    yield me.minutes()
    payments.pay(me.truth, intent, me.card())
    return intent


def second_card_works(me: Person) -> Script:
    """The first card is declined, another one pays the same intent."""
    yield me.days(1, 60)
    intent = me.opens_payment(4900, {"learning_path_id": "101"}, "Path 101")
    yield me.minutes()
    payments.pay(me.truth, intent, me.card(declines="insufficient_funds"))
    yield me.minutes()
    payments.pay(me.truth, intent, me.card())


def declined_for_good(me: Person) -> Script:
    """The card is declined, and nobody tries again."""
    yield me.days(1, 60)
    intent = me.opens_payment(7900, {"learning_path_id": "102"}, "Path 102")
    yield me.minutes()
    payments.pay(me.truth, intent, me.card(declines="card_declined"))


def changes_mind(me: Person) -> Script:
    """Opens a payment which is canceled a day later."""
    yield me.days(1, 60)
    intent = me.opens_payment(9900, {"group_id": "23"}, "Group 23")
    yield me.days(1, 2)
    payments.cancel(me.truth, intent, "abandoned")


def full_refund(me: Person) -> Script:
    """Gets all the money back."""
    intent = yield from learning_path(me)
    yield me.days(2, 20)
    refunds.refund(me.truth, intent, intent.amount)


def partial_refunds(me: Person) -> Script:
    """Gets a part back, and often another one: access stays."""
    intent = yield from group_registration(me)
    yield me.days(2, 20)
    refunds.refund(me.truth, intent, intent.amount // 3)
    yield me.days(2, 20)
    refunds.refund(me.truth, intent, intent.amount // 4)


def refund_in_parts(me: Person) -> Script:
    """Gets everything back in two steps: access ends with the second."""
    intent = yield from learning_path(me)
    yield me.days(2, 20)
    refunds.refund(me.truth, intent, intent.amount // 2)
    yield me.days(2, 20)
    refunds.refund(me.truth, intent, intent.amount - intent.amount // 2)


def slow_refund(me: Person) -> Script:
    """The refund is pending for days before it succeeds."""
    intent = yield from learning_path(me)
    yield me.days(2, 20)
    made = refunds.refund(me.truth, intent, intent.amount, status="pending")
    yield me.days(1, 5)
    refunds.succeed(me.truth, made)


def bounced_refund(me: Person) -> Script:
    """The refund succeeded, but the bank sends it back: access is given again."""
    intent = yield from group_registration(me)
    yield me.days(2, 20)
    made = refunds.refund(me.truth, intent, intent.amount)
    yield me.days(3, 12)
    refunds.fail(me.truth, made, "lost_or_stolen_card")


def dispute_won(me: Person) -> Script:
    """The bank takes the money, hears us and gives it back."""
    yield from _disputed(me, "won")


def dispute_lost(me: Person) -> Script:
    """The bank takes the money and keeps it."""
    yield from _disputed(me, "lost")


def _disputed(me: Person, status: str) -> Script:
    intent = yield from learning_path(me)
    yield me.days(5, 40)
    opened = disputes.dispute(me.truth, intent)
    yield me.days(2, 6)
    disputes.respond(me.truth, opened)
    yield me.days(20, 60)
    disputes.close(me.truth, opened, status)


def inquiry(me: Person) -> Script:
    """The bank only asks; no money moves."""
    intent = yield from group_registration(me)
    yield me.days(5, 40)
    opened = disputes.dispute(me.truth, intent, inquiry=True)
    yield me.days(2, 6)
    disputes.respond(me.truth, opened)
    yield me.days(10, 30)
    disputes.close(me.truth, opened, "warning_closed")
