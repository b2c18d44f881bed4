"""A shop over a real ledger, and a life in it that fills every table."""

from __future__ import annotations

from contextlib import closing

from ledger.application import Inbox, Ledger
from ledger.bookkeeper import Bookkeeper, stored_streams
from ledger.checkout.account_payments import NewCharge, add_charge, get_or_create_payment
from ledger.checkout.catalog import (
    PlanTerms,
)
from ledger.checkout.grants import HandGrant, grant_access
from ledger.checkout.registration import register
from ledger.checkout.sales import buy_group, buy_learning_path
from ledger.checkout.shop import Shop
from ledger.checkout.subscriptions import change_plan, subscribe_group
from ledger.store.log import LogReader
from tests.ledger.checkout.world import ANN, BRAND, RULES
from tests.ledger.given import SCOPE, day, usd
from tests.ledger.providers.stripe.payloads import delivery
from tests.projections.ledger import NAMES
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider

THREADS = 4

PLANS = (
    PlanTerms("starter", "Starter", usd(0), "month", starter=True),
    PlanTerms("premium", "Premium", usd(900), "month"),
)


class Town:
    """A shop over a real ledger, its provider, and a bookkeeper for the provider's webhooks."""

    def __init__(self, url: str, ledger: Ledger, history: LogReader, inbox: Inbox) -> None:
        self.url = url
        self.provider = FakeProvider()
        outbound = FakeOutbound(self.provider)
        self.shop = Shop(ledger, stored_streams(history), outbound, BRAND, RULES.policy, SCOPE)
        self._inbox = inbox
        self._ledger = ledger
        self._delivered = 0

    def deliver(self) -> None:
        """All webhooks that have not come yet come, and are worked off."""
        new = self.provider.events[self._delivered :]
        self._delivered += len(new)
        for each in new:
            self._inbox.receive(delivery(each))
        with (
            closing(LogReader(self.url, NAMES.inbox)) as inbox,
            closing(LogReader(self.url, NAMES.ledger)) as history,
        ):
            keeper = Bookkeeper(inbox, history, self._ledger, RULES, lambda: day(90))
            keeper.run_until_idle()

    def asks(self, name: str) -> int:
        return len({*self.provider.asked_for(name)})


def a_life(town: Town) -> None:
    """A bit of everything, with webhooks between."""
    customer = register(town.shop, ANN, day(0)).provider_customer_id
    town.provider.save_card(customer)
    town.deliver()
    town.provider.at += 86_400
    change_plan(town.shop, "ann", "premium", None, None, day(1))
    opened = buy_learning_path(town.shop, "ann", "7", day(1))
    group = subscribe_group(town.shop, "ann", "9", "cart_1", 1, None, day(1))
    buy_group(town.shop, "ann", "1", day(1))
    town.provider.pay(opened.id)
    town.provider.pay_bill(group.id)
    add_charge(town.shop, NewCharge("may", "ann", usd(1000), "Rent", day(1)), day(0))
    add_charge(town.shop, NewCharge("june", "ann", usd(500), "Rent", day(9)), day(0))
    due = get_or_create_payment(town.shop, ANN, True, day(2))
    town.provider.pay(due.payment.id)
    grant_access(town.shop, HandGrant("g1", "ann", ("export",), None, "a prize"), day(3))
    town.provider.at += 86_400
    town.deliver()
    change_plan(town.shop, "ann", "starter", None, None, day(4))
    town.provider.at += 86_400
    town.deliver()
