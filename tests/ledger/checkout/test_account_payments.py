"""Charges and their one open payment: computed here, settled by the webhook, never by a guess."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import pytest

from ledger.aggregates.charge_account import ChargeAccount
from ledger.checkout.account_payments import (
    AccountPayment,
    Payable,
    get_or_create_payment,
    payable,
    waive_charge,
)
from ledger.checkout.refusals import (
    NothingDue,
)
from ledger.providers.outbound import OpenPayment
from ledger.providers.problems import ProviderBadRequest, ProviderUnavailable
from tests.ledger.checkout.owing import charges, owe, owing, pay, payments
from tests.ledger.checkout.world import ANN, World
from tests.ledger.given import day, usd
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider


class LateOutbound(FakeOutbound):
    """Looked, the first time, just before the payer paid."""

    def __init__(self, provider: FakeProvider, before: AccountPayment) -> None:
        super().__init__(provider)
        self._before = [before.payment]

    def payment(self, payment_id: str) -> OpenPayment:
        return self._before.pop() if self._before else super().payment(payment_id)


@pytest.fixture
def world() -> World:
    return owing()


def test_the_amount_is_that_of_all_unpaid_charges(world: World) -> None:
    opened = pay(world)

    assert (opened.payment.amount, opened.charge_ids) == (usd(3000), ("may", "june"))
    (made,) = world.provider.all("payment_intent")
    assert made["metadata"] == {"user_id": "ann", "platform": "LEAD", "account_payment": "ap_1"}
    assert made["description"] == "LEAD - Account Payment (2 charges)"
    (row,) = world.rows("account_payments")
    assert (row.status, row.amount_minor, row.charge_ids) == ("pending", 3000, ("may", "june"))
    assert (row.provider_customer_id, row.purchase_id) == ("cus_1", made["id"])
    assert (row.is_external, row.requested_at) == (False, day(10))


def test_the_amount_of_what_is_past_due_leaves_the_rest_out(world: World) -> None:
    assert pay(world, past_due_only=True).payment.amount == usd(1000)


def test_a_charge_is_past_due_after_its_time_not_at_it(world: World) -> None:
    with pytest.raises(NothingDue):
        get_or_create_payment(world.shop, ANN, True, day(5))

    moment_later = day(5) + timedelta(microseconds=1)
    assert get_or_create_payment(world.shop, ANN, True, moment_later).charge_ids == ("may",)


def test_what_could_be_paid_says_whether_anything_is_past_due(world: World) -> None:
    assert payable(world.shop, "ann", day(1)) == Payable(None, usd(3000))
    assert payable(world.shop, "ann", day(10)) == Payable(usd(1000), usd(3000))
    assert payable(world.shop, "bob", day(10)) == Payable(None, None)


def test_an_open_payment_is_returned_not_another(world: World) -> None:
    assert pay(world) == pay(world, on=11)
    assert len(world.provider.all("payment_intent")) == 1
    assert len(world.provider.all("customer")) == 1


def test_the_webhook_pays_the_payment_and_all_its_charges_at_once(world: World) -> None:
    opened = pay(world, past_due_only=True)
    world.provider.pay(opened.payment.id)
    assert charges(world) == {"may": "open", "june": "open"}

    world.deliver()

    assert charges(world) == {"may": "paid", "june": "open"}
    (row,) = world.rows("account_payments")
    assert (row.status, row.paid_at, row.purchase_id) == ("paid", day(10), opened.payment.id)
    assert world.rows("account_charges")[1].purchase_id == opened.payment.id
    before = world.get(ChargeAccount, "ann").version
    world.deliver(*world.provider.events)
    assert world.get(ChargeAccount, "ann").version == before


def test_with_everything_paid_nothing_is_due(world: World) -> None:
    world.provider.pay(pay(world).payment.id)
    world.deliver()

    with pytest.raises(NothingDue, match="ann"):
        pay(world)


def test_money_on_its_way_is_waited_for(world: World) -> None:
    opened = pay(world)
    world.provider.pay(opened.payment.id)
    owe(world, "july", 500, 6, on=11)

    found = pay(world, on=12)

    assert (found.payment.id, found.payment.state) == (opened.payment.id, "succeeded")
    world.deliver()
    assert charges(world) == {"may": "paid", "june": "paid", "july": "open"}
    assert pay(world, on=12).charge_ids == ("july",)


@pytest.mark.parametrize("change", ["added", "waived", "past due only"])
def test_other_charges_give_the_open_payment_up_for_another(world: World, change: str) -> None:
    stale = pay(world)
    if change == "added":
        owe(world, "july", 500, 6, on=11)
    elif change == "waived":
        waive_charge(world.shop, "ann", "june", world.on(11))

    fresh = pay(world, past_due_only=change == "past due only", on=12)

    assert fresh.payment.id != stale.payment.id
    assert world.provider.get(stale.payment.id)["status"] == "canceled"
    assert payments(world) == {"ap_1": "canceled", "ap_2": "pending"}


def test_with_nothing_left_to_pay_the_open_payment_is_given_up(world: World) -> None:
    stale = pay(world)
    for charge in ("may", "june"):
        waive_charge(world.shop, "ann", charge, world.on(11))

    with pytest.raises(NothingDue):
        pay(world, on=12)

    assert world.provider.get(stale.payment.id)["status"] == "canceled"
    assert payments(world) == {"ap_1": "canceled"}


def test_money_that_still_comes_for_a_payment_given_up_is_marked_and_settles_nothing(
    world: World,
) -> None:
    stale = pay(world)
    owe(world, "july", 500, 6, on=11)
    pay(world, on=12)

    world.provider.pay(stale.payment.id)
    world.deliver()

    assert payments(world) == {"ap_1": "mismatched", "ap_2": "pending"}
    assert set(charges(world).values()) == {"open"}
    assert world.rows("account_payments")[0].mismatch == (
        "it was given up before: its charges changed"
    )


def test_money_for_a_charge_waived_meanwhile_is_marked_and_settles_nothing(world: World) -> None:
    opened = pay(world)
    waive_charge(world.shop, "ann", "june", world.on(11))
    world.provider.pay(opened.payment.id)
    world.deliver()

    assert payments(world) == {"ap_1": "mismatched"}
    assert charges(world) == {"may": "open", "june": "waived"}
    assert world.rows("account_payments")[0].mismatch == "no longer open: june"


def test_another_amount_than_was_asked_for_settles_nothing(world: World) -> None:
    opened = pay(world)
    world.provider.get(opened.payment.id)["amount"] = 2500
    world.provider.pay(opened.payment.id)
    world.deliver()

    (row,) = world.rows("account_payments")
    assert (row.status, row.amount_minor, row.mismatch) == (
        "mismatched",
        2500,
        "30.00 USD was asked for",
    )
    assert set(charges(world).values()) == {"open"}


def test_a_full_refund_opens_the_charges_again(world: World) -> None:
    opened = pay(world)
    world.provider.pay(opened.payment.id)
    world.provider.refund(opened.payment.id)
    world.deliver()

    assert payments(world) == {"ap_1": "refunded"}
    assert charges(world) == {"may": "open", "june": "open"}
    assert pay(world, on=12).payment.amount == usd(3000)


def test_a_partial_refund_leaves_them_paid(world: World) -> None:
    opened = pay(world)
    world.provider.pay(opened.payment.id)
    world.provider.refund(opened.payment.id, 500)
    world.deliver()

    (row,) = world.rows("account_payments")
    assert (row.status, row.refunded_minor) == ("paid", 500)


def test_a_payment_the_provider_canceled_is_followed_by_another(world: World) -> None:
    stale = pay(world)
    world.provider.change(stale.payment.id, "payment_intent.canceled", status="canceled")

    assert pay(world, on=11).payment.id != stale.payment.id
    assert payments(world) == {"ap_1": "canceled", "ap_2": "pending"}


def test_money_that_came_just_before_it_was_given_up_is_not_asked_for_again(world: World) -> None:
    opened = pay(world)
    owe(world, "july", 500, 6, on=11)
    late = msgspec.structs.replace(world.shop, outbound=LateOutbound(world.provider, opened))
    world.provider.pay(opened.payment.id)

    found = get_or_create_payment(late, ANN, False, world.on(12))

    assert (found.payment.id, found.payment.state) == (opened.payment.id, "succeeded")


@pytest.mark.parametrize("fails", ["fail_before", "lose_answer"])
def test_a_crash_while_opening_is_healed_by_the_next_try(world: World, fails: str) -> None:
    world.registered()
    getattr(world.provider, fails).append(ProviderUnavailable("Fake", "no answer"))
    with pytest.raises(ProviderUnavailable):
        pay(world)
    assert payments(world) == {"ap_1": "pending"}

    opened = pay(world, on=11)

    (made,) = world.provider.all("payment_intent")
    assert made["id"] == opened.payment.id
    assert payments(world) == {"ap_1": "pending"}


def test_a_refusal_for_good_leaves_nothing_open(world: World) -> None:
    world.registered()
    world.provider.fail_before.append(ProviderBadRequest("Fake", "too small"))
    with pytest.raises(ProviderBadRequest):
        pay(world)

    assert payments(world) == {"ap_1": "canceled"}
    assert pay(world).payment.state == "requires_payment_method"
