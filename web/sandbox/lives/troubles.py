"""Stories of bills that are not simply paid."""

from __future__ import annotations

from collections.abc import Generator

from web.sandbox.lives.memberships import starts
from web.sandbox.lives.person import Person, Script
from web.sandbox.truth import disputes, dunning, manual, payments, refunds, settlement
from web.sandbox.truth.customers import PaymentMethod
from web.sandbox.truth.intents import Intent
from web.sandbox.truth.invoices import Invoice
from web.sandbox.truth.subscriptions import Subscription


def card_recovers(me: Person) -> Script:
    """The card fails at a renewal; a new card pays before the retries are over."""
    subscription, card = yield from _card_breaks(me)
    while me.truth.fresh(subscription).status != "past_due":
        yield me.days(1, 2)
    yield me.days(1, 3)
    me.truth.change(card, declines=None)


def card_fails_for_good(me: Person) -> Script:
    """Every retry fails, and the subscription is canceled."""
    yield from _card_breaks(me)


def card_fails_to_unpaid(me: Person) -> Script:
    """Every retry fails, and the subscription is left unpaid."""
    yield from _card_breaks(me, gives_up_as="unpaid")


def never_completed(me: Person) -> Script:
    """The first payment fails and nobody repairs it: incomplete, then expired."""
    yield me.days(1, 60)
    card = me.card(declines="card_declined")
    me.subscribes(me.shop.plan("basic"), card=card.id)


def completed_late(me: Person) -> Script:
    """The first payment fails, another card pays an hour later."""
    yield me.days(1, 60)
    card = me.card(declines="card_declined")
    subscription = me.subscribes(me.shop.plan("premium"), card=card.id)
    yield me.minutes(20, 90)
    dunning.pay_now(me.truth, _latest(me, subscription), me.card())


def refunded_invoice(me: Person) -> Script:
    """Gets the money of a subscription's invoice back, or half of it."""
    _, intent = yield from _paid_month(me)
    amount = intent.amount // me.random.choice((1, 1, 2))
    refunds.refund(me.truth, intent, amount)


def disputed_invoice(me: Person) -> Script:
    """The bank takes back what paid an invoice."""
    _, intent = yield from _paid_month(me)
    opened = disputes.dispute(me.truth, intent)
    yield me.days(20, 40)
    disputes.close(me.truth, opened, me.random.choice(("lost", "won")))


def paid_by_cheque(me: Person) -> Script:
    """A bill sent by mail is paid outside Stripe."""
    invoice = yield from _sent(me)
    yield me.days(3, 25)
    settlement.settle_out_of_band(me.truth, invoice)


def paid_by_link(me: Person) -> Script:
    """A bill sent by mail is paid on Stripe's page."""
    invoice = yield from _sent(me)
    yield me.days(3, 25)
    payments.pay(me.truth, me.truth.get(Intent, invoice.intent or ""), me.card())
    settlement.settle(me.truth, invoice)


def voided(me: Person) -> Script:
    """A bill was a mistake."""
    invoice = yield from _sent(me)
    yield me.days(1, 5)
    settlement.void(me.truth, invoice)


def written_off(me: Person) -> Script:
    """A bill is never paid."""
    invoice = yield from _sent(me)
    yield me.days(40, 60)
    settlement.give_up(me.truth, invoice)


def _card_breaks(
    me: Person, **terms: object
) -> Generator[int, None, tuple[Subscription, PaymentMethod]]:
    yield me.days(1, 30)
    card = me.card()
    subscription = me.subscribes(me.shop.plan("premium"), card=card.id, **terms)
    yield me.days(5, 80)
    return subscription, me.truth.change(card, declines="expired_card")


def _paid_month(me: Person) -> Generator[int, None, tuple[Subscription, Intent]]:
    yield me.days(1, 60)
    subscription = starts(me, me.shop.plan("premium"))
    yield me.days(5, 25)
    invoice = _latest(me, subscription)
    return subscription, me.truth.get(Intent, invoice.intent or "")


def _sent(me: Person) -> Generator[int, None, Invoice]:
    yield me.days(1, 60)
    return manual.send_invoice(me.truth, me.customer, me.shop.package, quantity=20)


def _latest(me: Person, subscription: Subscription) -> Invoice:
    key = me.truth.fresh(subscription).latest_invoice
    return me.truth.get(Invoice, key or "")
