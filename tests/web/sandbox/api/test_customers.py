"""Customers, their cards, and cards being saved."""

from __future__ import annotations

import pytest
import stripe

from tests.web.sandbox.api.conftest import Sandbox
from tests.web.sandbox.api.test_checkout import submitted


@pytest.fixture
def ada(client: stripe.StripeClient) -> stripe.Customer:
    return client.v1.customers.create({"email": "ada@example.com", "metadata": {"user_id": "7"}})


def test_customers_are_found_by_their_email(
    client: stripe.StripeClient, ada: stripe.Customer
) -> None:
    client.v1.customers.create({"email": "bob@example.com"})

    found = client.v1.customers.list({"email": "ada@example.com"}).data

    assert [each.id for each in found] == [ada.id]


def test_metadata_is_merged_and_taken_away(
    client: stripe.StripeClient, ada: stripe.Customer
) -> None:
    changed = client.v1.customers.update(
        ada.id, {"name": "Ada", "metadata": {"user_id": "", "app": "LEAD"}}
    )

    assert (changed.name, changed.email) == ("Ada", "ada@example.com")
    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"app": "LEAD"}


def test_a_deleted_customer_is_gone_but_known(
    client: stripe.StripeClient, ada: stripe.Customer
) -> None:
    assert client.v1.customers.delete(ada.id).deleted
    assert client.v1.customers.retrieve(ada.id).deleted
    assert client.v1.customers.list({"email": "ada@example.com"}).data == []
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.payment_intents.create({"amount": 100, "currency": "usd", "customer": ada.id})
    with pytest.raises(stripe.InvalidRequestError, match="No such customer"):
        client.v1.customers.update(ada.id, {"name": "Ada"})


def test_a_card_is_attached_made_the_default_one_and_detached(
    sandbox: Sandbox, client: stripe.StripeClient, ada: stripe.Customer
) -> None:
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": ada.id})
    client.v1.customers.update(ada.id, {"invoice_settings": {"default_payment_method": card.id}})
    changed = client.v1.customers.retrieve(
        ada.id, {"expand": ["invoice_settings.default_payment_method"]}
    )
    assert changed.invoice_settings is not None
    assert isinstance(changed.invoice_settings.default_payment_method, stripe.PaymentMethod)
    assert [each.id for each in client.v1.customers.payment_methods.list(ada.id).data] == [card.id]

    assert client.v1.payment_methods.detach(card.id).customer is None

    assert client.v1.payment_methods.list({"customer": ada.id}).data == []
    assert client.v1.customers.retrieve(ada.id).invoice_settings is not None
    assert sandbox.told[-3:] == [
        "customer.updated",
        "customer.updated",
        "payment_method.detached",
    ]


def test_a_card_its_bank_refuses_is_not_attached(
    client: stripe.StripeClient, ada: stripe.Customer
) -> None:
    with pytest.raises(stripe.CardError):
        client.v1.payment_methods.attach("pm_card_chargeDeclined", {"customer": ada.id})

    kept = client.v1.payment_methods.attach("pm_card_chargeCustomerFail", {"customer": ada.id})
    assert kept.customer == ada.id


def test_a_card_of_somebody_else_cannot_be_used(
    client: stripe.StripeClient, ada: stripe.Customer
) -> None:
    card = client.v1.payment_methods.attach("pm_card_visa", {"customer": ada.id})
    other = client.v1.customers.create({})

    with pytest.raises(stripe.InvalidRequestError, match="already been attached"):
        client.v1.payment_methods.attach(card.id, {"customer": other.id})
    with pytest.raises(stripe.InvalidRequestError, match="cannot be attached"):
        client.v1.payment_intents.create(
            {"amount": 100, "currency": "usd", "customer": other.id, "payment_method": card.id}
        )


def test_a_card_is_saved_by_a_setup(client: stripe.StripeClient, ada: stripe.Customer) -> None:
    setup = client.v1.setup_intents.create({"customer": ada.id})
    assert (setup.status, setup.usage) == ("requires_payment_method", "off_session")

    done = client.v1.setup_intents.confirm(setup.id, {"payment_method": "pm_card_visa"})

    assert done.status == "succeeded"
    [card] = client.v1.payment_methods.list({"customer": ada.id}).data
    assert card.id == done.payment_method


def test_a_bank_that_asked_once_lets_the_saved_card_pay_alone(
    client: stripe.StripeClient, ada: stripe.Customer
) -> None:
    setup = client.v1.setup_intents.create(
        {
            "customer": ada.id,
            "payment_method": "pm_card_authenticationRequiredOnSetup",
            "confirm": True,
            "return_url": "https://app.test/back",
        }
    )
    assert setup.status == "requires_action"
    assert setup.next_action is not None
    assert setup.next_action.redirect_to_url is not None
    status, where = submitted(str(setup.next_action.redirect_to_url.url), answer="ok")
    assert (status, where.partition("?")[0]) == (303, "https://app.test/back")

    saved = client.v1.setup_intents.retrieve(setup.id)
    paid = client.v1.payment_intents.create(
        {
            "amount": 4900,
            "currency": "usd",
            "customer": ada.id,
            "payment_method": str(saved.payment_method),
            "off_session": True,
            "confirm": True,
        }
    )
    assert (saved.status, paid.status) == ("succeeded", "succeeded")


def test_a_setup_a_bank_refuses_is_a_card_error(
    sandbox: Sandbox, client: stripe.StripeClient, ada: stripe.Customer
) -> None:
    setup = client.v1.setup_intents.create({"customer": ada.id})
    with pytest.raises(stripe.CardError):
        client.v1.setup_intents.confirm(setup.id, {"payment_method": "pm_card_chargeDeclined"})

    assert client.v1.setup_intents.retrieve(setup.id).status == "requires_payment_method"
    assert sandbox.told[-1] == "setup_intent.setup_failed"


def test_a_customer_can_come_with_a_card(client: stripe.StripeClient) -> None:
    made = client.v1.customers.create({"payment_method": "pm_card_visa", "phone": "+1 555 0100"})

    assert made.phone == "+1 555 0100"
    [card] = client.v1.payment_methods.list({"customer": made.id}).data
    other = client.v1.customers.create({})
    with pytest.raises(stripe.InvalidRequestError, match="does not have a payment method"):
        client.v1.customers.update(
            other.id, {"invoice_settings": {"default_payment_method": card.id}}
        )
