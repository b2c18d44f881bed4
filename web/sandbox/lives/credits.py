"""Stories of packages of credits, bought at Checkout and used up."""

from __future__ import annotations

from web.sandbox.lives.person import Person, Script
from web.sandbox.lives.purchases import Purchase
from web.sandbox.lives.shop import PACKAGE_CREDITS
from web.sandbox.truth import checkout, disputes, refunds
from web.sandbox.truth.calendar import DAY
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.sessions import Session


def open_pack(me: Person, **more: object) -> Session:
    """Checkout for some packages; half the applications copy the metadata to the payment."""
    quantity = me.random.choice((1, 1, 2, 4))
    metadata = me.mark({"credits": str(PACKAGE_CREDITS * quantity)})
    copied = metadata if me.random.random() < 0.5 else {}
    named = {"metadata": metadata, "intent_metadata": copied, **more}
    session = me.opens_checkout(me.shop.package, quantity, **named)
    me.packs.append(session)
    return session


def credit_packs(me: Person) -> Script:
    """Buys packages now and then and uses them."""
    for _ in range(me.random.randint(1, 4)):
        yield me.days(3, 60)
        session = open_pack(me)
        yield me.minutes()
        checkout.complete(me.truth, session)
        yield from uses(me)


def uses(me: Person) -> Script:
    """Uses credits on some days."""
    for _ in range(me.random.randint(1, 8)):
        yield me.days(1, 9)
        me.spends_some()


def by_reference(me: Person) -> Script:
    """The session names the user as client_reference_id, not in its metadata."""
    yield me.days(3, 60)
    session = open_pack(me, client_reference_id=me.user_id)
    yield me.minutes()
    checkout.complete(me.truth, session)
    yield from uses(me)


def slow_money_comes(me: Person) -> Script:
    """Pays by bank debit, which takes days."""
    yield me.days(3, 60)
    session = open_pack(me, method="sepa_debit")
    yield me.minutes()
    charge = checkout.complete_later(me.truth, session)
    yield me.days(2, 6)
    checkout.money_came(me.truth, session, charge)
    yield from uses(me)


def slow_money_fails(me: Person) -> Script:
    """Pays by bank debit, which bounces."""
    yield me.days(3, 60)
    session = open_pack(me, method="sepa_debit")
    yield me.minutes()
    charge = checkout.complete_later(me.truth, session)
    yield me.days(2, 6)
    checkout.money_failed(me.truth, session, charge)


def free_by_coupon(me: Person) -> Script:
    """A 100 % coupon: no payment intent, and still credits."""
    yield me.days(3, 60)
    session = open_pack(me)
    me.truth.change(session, discount=session.amount_subtotal)
    yield me.minutes()
    checkout.complete_free(me.truth, session)
    yield from uses(me)


def walks_away(me: Person) -> Script:
    """Leaves Checkout without paying; the session expires after a day."""
    yield me.days(3, 60)
    session = open_pack(me)
    yield DAY
    checkout.expire(me.truth, session)


def refunded_pack(me: Person) -> Script:
    """Uses some credits and gets a part of the money back, or all of it."""
    intent = yield from _paid_pack(me)
    yield from uses(me)
    share = me.random.choice((1, 2, 3))
    refunds.refund(me.truth, intent, me.truth.fresh(intent).amount // share)
    yield from uses(me)


def disputed_pack(me: Person) -> Script:
    """Uses credits, then the bank takes the money back for good: a shortfall."""
    intent = yield from _paid_pack(me)
    yield from uses(me)
    opened = disputes.dispute(me.truth, intent)
    yield me.days(20, 50)
    disputes.close(me.truth, opened, "lost")


def _paid_pack(me: Person) -> Purchase:
    yield me.days(3, 60)
    session = open_pack(me)
    yield me.minutes()
    session = checkout.complete(me.truth, session)
    return me.truth.get(Intent, session.intent or "")
