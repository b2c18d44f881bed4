"""Payments sellers ask for outside: found by e-mail, claimed later, and never counted twice."""

from __future__ import annotations

import pytest

from ledger.checkout.account_payments import (
    NewCharge,
    add_charge,
    assign_payment,
    get_or_create_payment,
    waive_charge,
)
from ledger.checkout.refusals import ChargeSettled, NothingDue, UnknownCharge, WrongAmount
from ledger.commands import Claim, claim_payment
from ledger.errors import UnknownPayment
from tests.ledger.checkout.world import ANN, BRAND, RULES, World
from tests.ledger.given import SCOPE, day, usd
from tests.ledger.providers.stripe.objects import NOW, Json, payment_intent, session
from tests.ledger.providers.stripe.payloads import event


def outside(email: str = " Ann@Example.org", **changes: object) -> Json:
    """A payment by a link of the provider's own, on the fifth day."""
    paid = session(
        customer=None,
        customer_details={"email": email},
        created=NOW + 5 * 86_400,
        payment_intent="pi_9",
        **changes,
    )
    return event("checkout.session.completed", paid, 5)


def told_twice() -> Json:
    """The same money, as its payment intent tells of it."""
    intent = payment_intent(
        id="pi_9", amount_received=1000, customer=None, created=NOW + 5 * 86_400
    )
    return event("payment_intent.succeeded", intent, 5)


def known() -> World:
    world = World()
    world.registered()
    world.deliver()
    return world


def test_a_payment_from_outside_is_on_the_account_of_who_has_the_address() -> None:
    world = known()

    world.deliver(outside(), told_twice())

    (row,) = world.rows("account_payments")
    assert (row.customer_id, row.status, row.is_external) == ("ann", "paid", True)
    assert (row.amount_minor, row.purchase_id, row.charge_ids) == (1000, "pi_9", ())
    assert (row.paid_at, row.requested_at) == (day(5), None)


def test_it_is_the_same_row_in_whatever_order_its_events_come() -> None:
    one, other = known(), known()

    one.deliver(outside(), told_twice())
    other.deliver(told_twice(), outside())

    assert one.ledger.fingerprint == other.ledger.fingerprint


def test_an_address_nobody_has_stays_unmatched_until_somebody_claims_it() -> None:
    world = known()
    world.deliver(outside("who@example.org"))
    assert world.rows("account_payments") == []

    claim = Claim("pi_9", "ann", day(9))
    claim_payment(world.ledger, world.ledger.load, RULES.policy, SCOPE, claim)  # type: ignore[arg-type] # a ledger in memory

    (row,) = world.rows("account_payments")
    assert (row.customer_id, row.purchase_id, row.paid_at) == ("ann", "pi_9", day(5))


def owing(world: World, **minor: int) -> None:
    for name, amount in minor.items():
        add_charge(world.shop, NewCharge(name, "ann", usd(amount), "Rent", day(1)), world.on(1))


def charges(world: World) -> dict[str, str]:
    return {row.charge_id: row.status for row in world.rows("account_charges")}


def test_it_pays_the_charges_a_person_says_it_pays() -> None:
    world = known()
    owing(world, may=400, june=600, july=1000)
    world.deliver(outside())
    assert set(charges(world).values()) == {"open"}

    for _ in range(2):
        assign_payment(world.shop, "ann", "pi_9", ["june", "may"], day(6))

    assert charges(world) == {"may": "paid", "june": "paid", "july": "open"}
    (row,) = world.rows("account_payments")
    assert (row.status, row.charge_ids, row.is_external) == ("paid", ("june", "may"), True)
    assert get_or_create_payment(world.shop, ANN, False, day(7)).charge_ids == ("july",)


def test_charges_paid_otherwise_give_the_open_payment_up() -> None:
    world = known()
    owing(world, may=1000)
    stale = get_or_create_payment(world.shop, ANN, False, world.on(4))
    world.deliver(outside())
    assign_payment(world.shop, "ann", "pi_9", ["may"], day(6))

    with pytest.raises(NothingDue):
        get_or_create_payment(world.shop, ANN, False, day(7))
    assert world.provider.get(stale.payment.id)["status"] == "canceled"
    world.provider.pay(stale.payment.id)
    world.deliver()
    assert {row.payment_key: row.status for row in world.rows("account_payments")} == {
        "ap_1": "mismatched",
        "pi_9": "paid",
    }


def test_money_that_was_mismatched_can_be_given_its_charges() -> None:
    world = known()
    owing(world, may=400, june=600)
    opened = get_or_create_payment(world.shop, ANN, False, world.on(4))
    owing(world, july=600)
    waive_charge(world.shop, "ann", "june", world.on(5))
    world.provider.pay(opened.payment.id)
    world.deliver()
    assert [row.status for row in world.rows("account_payments")] == ["mismatched"]

    assign_payment(world.shop, "ann", opened.payment.id, ["may", "july"], day(6))

    assert charges(world) == {"may": "paid", "june": "waived", "july": "paid"}
    (row,) = world.rows("account_payments")
    assert (row.status, row.mismatch) == ("paid", None)


def test_a_person_cannot_make_money_pay_what_it_does_not_come_to() -> None:
    world = known()
    owing(world, may=400, june=1000, july=1000)
    world.deliver(outside())

    def assign(payment: str, *names: str) -> None:
        assign_payment(world.shop, "ann", payment, names, day(6))

    with pytest.raises(UnknownPayment, match="pi_8"):
        assign("pi_8", "june")
    with pytest.raises(UnknownCharge, match="august"):
        assign("pi_9", "august")
    for names in (("may",), ()):
        with pytest.raises(WrongAmount, match="pi_9 brought"):
            assign("pi_9", *names)
    waive_charge(world.shop, "ann", "june", day(6))
    with pytest.raises(ChargeSettled, match="june"):
        assign("pi_9", "june")
    assign("pi_9", "july")
    with pytest.raises(ChargeSettled):
        assign("pi_9", "may")


def test_what_turns_out_to_be_somebody_elses_leaves_the_account() -> None:
    world = known()
    world.deliver(outside())

    intent = payment_intent(id="pi_9", customer=None, metadata={"user_id": "bob"})
    world.deliver(event("payment_intent.created", intent, 6))

    assert world.rows("account_payments") == []


def test_what_is_sold_here_or_on_another_platform_is_not_from_outside() -> None:
    world = known()

    for number, metadata in enumerate(
        ({"credits": "50"}, {"platform": BRAND.label}, {"platform": "OTHER"})
    ):
        world.deliver(outside(id=f"cs_{number}", metadata=metadata))
    assert world.rows("account_payments") == []


def test_a_full_refund_of_it_shows() -> None:
    world = known()
    world.deliver(outside(), told_twice())
    world.provider.objects["pi_9"] = {"object": "payment_intent", "amount": 1000, "currency": "usd"}
    world.provider.refund("pi_9")
    world.deliver()

    (row,) = world.rows("account_payments")
    assert (row.status, row.refunded_minor) == ("refunded", 1000)
