"""A payment that names nobody but an e-mail address is the one customer's who had it then."""

from __future__ import annotations

from ledger.aggregates.credit_wallet import CreditWallet, Totals
from ledger.aggregates.purchase import Purchase
from tests.ledger.providers.stripe.objects import NOW, Json, customer, session
from tests.ledger.providers.stripe.payloads import event
from tests.ledger.stories import end_in_all_orders

ANN = customer(id="cus_1", email="Ann@Example.com ", metadata={"user_id": "ann"}, created=NOW)
BOB = customer(id="cus_2", email="ann@example.com", metadata={"user_id": "bob"}, created=NOW)


def known(who: Json, on: float = 0) -> Json:
    return event("customer.created", who, on)


def paid_outside(on: float, email: str = "ann@example.com") -> Json:
    external = session(
        customer=None,
        client_reference_id=None,
        customer_details={"email": email},
        created=NOW + int(on * 86400),
        payment_intent=None,
        metadata={"credits": "50"},
    )
    return event("checkout.session.completed", external, on)


def test_the_only_customer_with_that_address_paid_whatever_its_case_and_space() -> None:
    ending = end_in_all_orders(known(ANN), paid_outside(5))

    assert ending.get(Purchase, "cs_1").customer_id == "ann"
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50)


def test_two_customers_with_one_address_are_not_guessed_between() -> None:
    ending = end_in_all_orders(known(ANN), known(BOB), paid_outside(5))

    assert ending.get(Purchase, "cs_1").customer_id is None


def test_two_customers_that_are_one_user_are_no_riddle() -> None:
    again = customer(id="cus_3", email="ann@example.com", metadata={"user_id": "ann"}, created=NOW)
    ending = end_in_all_orders(known(ANN), known(again), paid_outside(5))

    assert ending.get(Purchase, "cs_1").customer_id == "ann"


def test_who_came_later_did_not_pay_and_disturbs_nobody() -> None:
    ending = end_in_all_orders(known(ANN), paid_outside(5), known(BOB, 9))

    assert ending.get(Purchase, "cs_1").customer_id == "ann"


def test_nobody_with_that_address_means_nobody_until_somebody_claims_it() -> None:
    ending = end_in_all_orders(paid_outside(5, "who@example.com"), known(ANN), known(BOB))

    purchase = ending.get(Purchase, "cs_1")
    assert purchase.customer_id is None
    assert purchase.grant is None
    assert purchase.receipt is not None  # the money is on the books all the same


def test_a_new_address_does_not_take_back_what_the_old_one_paid() -> None:
    moved = {**ANN, "email": "ann@new.example"}
    ending = end_in_all_orders(
        known(ANN),
        event("customer.updated", moved, 9, before={"email": ANN["email"]}),
        paid_outside(5),
    )

    assert ending.get(Purchase, "cs_1").customer_id == "ann"


def test_a_customer_deleted_before_is_not_who_paid() -> None:
    ending = end_in_all_orders(
        known(ANN), event("customer.deleted", ANN, 1), known(BOB, 2), paid_outside(5)
    )

    assert ending.get(Purchase, "cs_1").customer_id == "bob"


def test_a_user_who_becomes_known_later_is_who_paid() -> None:
    nameless = customer(id="cus_1", email="ann@example.com", metadata={}, created=NOW)
    named = {**nameless, "metadata": {"user_id": "ann"}}
    ending = end_in_all_orders(
        known(nameless),
        paid_outside(5),
        event("customer.updated", named, 9, before={"metadata": {"user_id": None}}),
    )

    assert ending.get(Purchase, "cs_1").customer_id == "ann"
