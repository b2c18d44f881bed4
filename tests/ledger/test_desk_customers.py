"""Whose everything is ends alike, whenever it becomes known which user a customer is."""

from ledger.aggregates.credit_wallet import CreditWallet, Totals
from ledger.aggregates.customer import Customer
from ledger.aggregates.invoice import Invoice
from ledger.aggregates.purchase import Purchase
from ledger.aggregates.subscription import Subscription
from tests.ledger.providers.stripe.objects import (
    Json,
    customer,
    invoice,
    payment_intent,
    session,
    subscription,
)
from tests.ledger.providers.stripe.payloads import event
from tests.ledger.stories import Ending, end, end_in_all_orders


def paid(on: float = 0, **changes: object) -> Json:
    intent = payment_intent(amount_received=1000, status="succeeded", **changes)
    return event("payment_intent.succeeded", intent, on)


def updated_customer(on: float, user_id: str) -> Json:
    named = customer(metadata={"user_id": user_id})
    return event("customer.updated", named, on, before={"metadata": {"user_id": None}})


def owners(ending: Ending) -> set[str | None]:
    """Whose the payment, the subscription, the invoice and the access are."""
    subscription_ = ending.get(Subscription, "sub_1")
    return {
        ending.get(Purchase, "pi_1").customer_id,
        ending.get(Invoice, "in_1").customer_id,
        subscription_.customer_id,
        subscription_.access.customer_id if subscription_.access else None,
    }


def test_everything_follows_when_the_customers_own_details_name_the_user() -> None:
    ending = end_in_all_orders(
        event("customer.created", customer()),
        paid(metadata={"credits": "50"}),
        event("customer.subscription.created", subscription()),
        event("invoice.paid", invoice()),
        updated_customer(30, "ann"),
    )

    assert owners(ending) == {"ann"}
    assert ending.get(CreditWallet, "ann").totals == Totals(granted=50)
    assert ending.get(CreditWallet, "cus_1").totals == Totals()


def test_two_reports_of_a_session_that_names_the_user_end_alike_in_all_orders() -> None:
    """Sessions did not say when they were created: only the report is dated."""
    old = session(id="cs_9", mode="subscription", payment_intent=None, client_reference_id="ann")
    del old["created"]
    other = {**old, "id": "cs_8", "client_reference_id": "bob"}

    ending = end_in_all_orders(
        event("checkout.session.completed", old, 1),
        event("checkout.session.async_payment_succeeded", old, 3),
        event("checkout.session.completed", other, 2),
    )

    assert ending.get(Customer, "cus_1").customer_id == "ann"


def test_everything_follows_when_only_a_session_names_the_user() -> None:
    ending = end_in_all_orders(
        paid(metadata={"credits": "50"}),
        event("customer.subscription.created", subscription()),
        event("invoice.paid", invoice()),
        event(
            "checkout.session.completed",
            session(id="cs_9", mode="subscription", payment_intent=None, client_reference_id="ann"),
            9,
        ),
    )

    assert owners(ending) == {"ann"}
    assert ending.get(Customer, "cus_1").customer_id == "ann"


def test_of_two_users_named_by_others_the_first_one_counts() -> None:
    first = subscription(id="sub_2", metadata={"user_id": "ann"}, start_date=0, created=0)
    ending = end_in_all_orders(
        paid(metadata={"user_id": "bob"}),
        event("customer.subscription.created", first),
        event("customer.subscription.created", subscription()),
        event("invoice.paid", invoice()),
    )

    assert ending.get(Customer, "cus_1").customer_id == "ann"
    assert ending.get(Subscription, "sub_1").customer_id == "ann"
    assert ending.get(Purchase, "pi_1").customer_id == "bob"


def test_what_an_object_said_of_its_customer_does_not_outlive_it() -> None:
    ending = end_in_all_orders(
        event("customer.subscription.created", subscription(metadata={"user_id": "bob"})),
        event("customer.subscription.updated", subscription(), 1, {"metadata": {"user_id": "bob"}}),
        paid(metadata={"credits": "50"}),
        event("invoice.paid", invoice()),
    )

    assert owners(ending) == {"cus_1"}


def test_nobody_is_named_by_a_payment_that_moved_to_another_customer() -> None:
    ending = end_in_all_orders(
        event("customer.created", customer()),
        event("payment_intent.created", payment_intent(metadata={"user_id": "ann"})),
        event("payment_intent.processing", payment_intent(metadata={"user_id": "ann"}), 1),
        paid(2, customer="cus_2", metadata={"user_id": "ann"}),
    )

    assert ending.get(Customer, "cus_1").customer_id == "cus_1"
    assert ending.get(Customer, "cus_2").customer_id == "ann"


def test_whoever_a_payment_once_named_is_a_customer_in_every_order() -> None:
    ending = end_in_all_orders(
        event("payment_intent.created", payment_intent(customer="cus_0")),
        paid(2, customer="cus_2"),
    )

    assert ending.get(Customer, "cus_0").customer_id == "cus_0"
    assert ending.get(Purchase, "pi_1").customer_id == "cus_2"


def test_a_payment_of_nobody_known_belongs_to_nobody() -> None:
    ending = end_in_all_orders(
        paid(customer=None, metadata={"credits": "50", "learning_path_id": "7"})
    )

    purchase = ending.get(Purchase, "pi_1")
    assert purchase.receipt is not None
    assert (purchase.customer_id, purchase.access, purchase.grant) == (None, None, None)


def test_a_session_without_a_customer_still_says_whose_the_payment_is() -> None:
    ending = end_in_all_orders(
        paid(customer=None),
        event("checkout.session.completed", session(customer=None, client_reference_id="ann")),
    )

    assert ending.get(Purchase, "pi_1").customer_id == "ann"


def test_a_deleted_customer_stays_deleted_and_keeps_what_is_theirs() -> None:
    tombstone = {"id": "cus_1", "object": "customer", "deleted": True}
    ending = end_in_all_orders(
        event("customer.created", customer(metadata={"user_id": "ann"})),
        event("customer.deleted", tombstone, 60),
        paid(metadata={"credits": "50"}),
        event("customer.updated", customer(metadata={"user_id": "ann"}, name="Anne"), 1),
    )

    assert ending.get(Customer, "cus_1").deleted_at is not None
    assert ending.get(Purchase, "pi_1").customer_id == "ann"


def test_accounts_never_mix() -> None:
    ending = end(
        updated_customer(0, "ann"),
        event("customer.created", customer(), account="acct_9"),
        event("payment_intent.succeeded", payment_intent(amount_received=1), account="acct_9"),
    )

    assert ending.get(Customer, "cus_1").customer_id == "ann"
    assert ending.get(Purchase, "pi_1", account="acct_9").customer_id == "cus_1"
