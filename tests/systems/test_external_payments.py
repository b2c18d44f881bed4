"""Staff ask for money by a link of Stripe's own: its payer is found by e-mail, or waits."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.systems.customers import Customer
from tests.systems.installation import WEBHOOK_PATH, Installation


def test_an_external_payment_is_its_customers_by_e_mail_and_is_counted_once(
    house: Installation, ann: Customer
) -> None:
    purchase = pays_outside(house, ann.email)

    [payment] = ann.finance("account_payments")
    assert payment["is_external"]
    assert (payment["status"], payment["amount_minor"]) == ("paid", 12_000)
    assert payment["purchase_id"] == purchase
    receipts = ann.finance("paid_invoices")  # both the session and its intent told of the money
    assert [row["amount_paid_minor"] for row in receipts] == [12_000]
    assert [row["is_external"] for row in ann.rows("account-payments")] == [True]


def test_a_payment_from_the_portal_is_not_external(house: Installation, ann: Customer) -> None:
    due_at = house.now().isoformat()
    amount = {"minor": 2500, "currency": "usd"}
    ann.call("PUT charges/fee", {"amount": amount, "description": "Fee", "due_at": due_at})
    ann.pays(ann.call("POST account-payment", {})["payment"]["client_secret"])
    house.settle()

    [payment] = ann.finance("account_payments")
    assert (payment["status"], payment["is_external"]) == ("paid", False)


@pytest.mark.parametrize("written", ["{0}", "  {0}", "{0}  "])
def test_an_address_is_the_same_in_any_case_and_with_space_around_it(
    house: Installation, ann: Customer, written: str
) -> None:
    pays_outside(house, written.format(ann.email.upper()))

    [payment] = ann.finance("account_payments")
    assert payment["is_external"]


def test_a_payment_by_an_unknown_address_credits_nobody_until_a_person_claims_it(
    house: Installation, ann: Customer
) -> None:
    purchase = pays_outside(house, f"stranger.{ann.email}")
    query = "SELECT * FROM finance.purchases WHERE purchase_id = %s"
    [row] = house.finance(query, purchase)
    assert (row["customer_id"], row["paid_minor"]) == (None, 12_000)
    assert purchase in house.run("unmatched").output
    assert ann.finance("account_payments") == []

    claimed = house.run("claim", purchase, ann.user_id)
    assert claimed.exit_code == 0, claimed.output
    house.settle()

    [payment] = ann.finance("account_payments")
    assert (payment["purchase_id"], payment["is_external"]) == (purchase, True)
    assert purchase not in house.run("unmatched").output
    rebuilt = house.run("rebuild", "--yes")
    assert rebuilt.exit_code == 0, rebuilt.output
    assert ann.finance("account_payments") == [payment]  # replay applies it, too


def test_an_address_of_two_customers_is_nobodys_and_not_guessed(
    house: Installation, new_customer: Callable[[], Customer]
) -> None:
    ann, bob = new_customer(), new_customer()
    shared = f"family.{ann.email}"
    for each in (ann, bob):
        customer = each.registers()["provider_customer_id"]
        house.at_stripe(f"POST /v1/customers/{customer}", email=shared)
    house.settle()

    purchase = pays_outside(house, shared)

    assert purchase in house.run("unmatched").output
    assert ann.finance("account_payments") == bob.finance("account_payments") == []


# ---- how it is set up ----------------------------------------------------------------------------

COMPLETE = {"STRIPE_WEBHOOK_SECRET": "whsec_1", "STRIPE_SECRET_KEY": "sk_test_1"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STRIPE_WEBHOOK_SECRET", None),
        ("STRIPE_WEBHOOK_SECRET", ""),
        ("STRIPE_WEBHOOK_SECRET", "whsec_"),
        ("STRIPE_WEBHOOK_SECRET", "sec_1"),
        ("STRIPE_SECRET_KEY", "pk_test_1"),
        ("STRIPE_PUBLISHABLE_KEY", "sk_test_1"),
        ("STRIPE_PUBLISHABLE_KEY", "pk_live_1"),
        ("STRIPE_CREDITS_PRODUCT_ID", "price_1"),
        ("STRIPE_PRODUCT_ID", "price_1"),
        ("BILLING_WEBHOOK_PATH", "no path"),
    ],
)
def test_without_good_secrets_and_ids_the_server_refuses_to_start_and_says_which(
    house: Installation, name: str, value: str | None
) -> None:
    started = house.run("serve", **{name: value})

    assert started.exit_code != 0
    assert name in started.output
    assert value is None or len(value) < 7 or value not in started.output


def test_webhooks_come_where_the_setting_says_as_with_stripe_listen(
    house: Installation, ann: Customer
) -> None:
    """`stripe listen --forward-to localhost:3000/api/stripe/webhook`, with the secret it prints."""
    assert house.webhook_url.endswith(WEBHOOK_PATH) == (WEBHOOK_PATH == "/api/stripe/webhook")
    ann.registers()
    house.settle()
    assert house.finance("SELECT * FROM finance.deliveries WHERE outcome = 'applied' LIMIT 1")


def pays_outside(house: Installation, email: str) -> str:
    """The payment somebody makes by a link of Stripe's own, which knows nothing of us."""
    visit = house.at_stripe(
        "POST /v1/checkout/sessions",
        mode="payment",
        success_url="https://example.com/thanks",
        line_items=[
            {
                "price_data": {
                    "currency": "usd",
                    "unit_amount": 12_000,
                    "product_data": {"name": "Books"},
                },
                "quantity": 1,
            }
        ],
    )
    done = house.sandbox(f"checkout/sessions/{visit['id']}/pay", email=email)
    house.settle()
    return str(done["payment_intent"])
