"""What is mirrored says whose it is in any order, and who is named at all."""

from ledger.aggregates.customer import Customer
from ledger.aggregates.mirrors import PaymentMethod, SetupIntent, Transfer
from tests.ledger.providers.stripe.mirrored_objects import payment_method, setup_intent, transfer
from tests.ledger.providers.stripe.objects import customer
from tests.ledger.providers.stripe.payloads import event
from tests.ledger.stories import end, end_in_all_orders
from tests.projections.stories import rows_in_all_orders


def test_it_belongs_to_whoever_its_customer_turns_out_to_be() -> None:
    ending = end_in_all_orders(
        event("payment_method.attached", payment_method()),
        event("setup_intent.succeeded", setup_intent()),
        event("customer.created", customer()),
        event("customer.updated", customer(metadata={"user_id": "ann"}), 1, {"metadata": {}}),
    )

    assert ending.get(PaymentMethod, "pm_1").customer_id == "ann"
    assert ending.get(SetupIntent, "seti_1").customer_id == "ann"


def test_a_customer_only_an_older_report_names_is_a_customer_in_any_order() -> None:
    rows = rows_in_all_orders(
        event("setup_intent.created", setup_intent(customer="cus_1")),
        event("setup_intent.succeeded", setup_intent(customer="cus_2"), 1),
    )

    assert set(rows["customers"]) == {f"customer/stripe/test//cus_{n}" for n in (1, 2)}


def test_what_has_no_customer_is_nobodys() -> None:
    ending = end_in_all_orders(event("transfer.created", transfer()))

    assert ending.get(Transfer, "tr_1").customer_id is None
    assert not any(each.originator_id.startswith("customer/") for each in ending.events)


def test_accounts_never_mix() -> None:
    ending = end(
        event("customer.updated", customer(metadata={"user_id": "ann"})),
        event("payment_method.attached", payment_method(), account="acct_9"),
    )

    assert ending.get(PaymentMethod, "pm_1", account="acct_9").customer_id == "cus_1"
    assert ending.get(Customer, "cus_1").customer_id == "ann"
