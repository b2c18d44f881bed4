"""Banks that ask the payer: on the stand-in's page, or as a test says."""

from __future__ import annotations

import pytest
import stripe

from tests.web.sandbox.api.conftest import Sandbox
from tests.web.sandbox.api.test_checkout import submitted


def asked_about(client: stripe.StripeClient) -> stripe.PaymentIntent:
    return client.v1.payment_intents.create(
        {
            "amount": 4900,
            "currency": "usd",
            "payment_method": "pm_card_threeDSecure2Required",
            "confirm": True,
            "return_url": "https://app.test/back?order=1",
        }
    )


def page_of(intent: stripe.PaymentIntent) -> str:
    assert intent.next_action is not None
    assert intent.next_action.redirect_to_url is not None
    return str(intent.next_action.redirect_to_url.url)


def test_a_payer_who_answers_has_paid_and_is_sent_back(
    sandbox: Sandbox, client: stripe.StripeClient
) -> None:
    intent = asked_about(client)
    assert (intent.status, sandbox.told[-1]) == (
        "requires_action",
        "payment_intent.requires_action",
    )

    status, where = submitted(page_of(intent), answer="ok")

    assert status == 303
    assert where == (
        f"https://app.test/back?order=1&payment_intent={intent.id}"
        f"&payment_intent_client_secret={intent.client_secret}&redirect_status=succeeded"
    )
    paid = client.v1.payment_intents.retrieve(intent.id)
    assert (paid.status, paid.next_action) == ("succeeded", None)


def test_a_payer_who_does_not_answer_has_not_paid(client: stripe.StripeClient) -> None:
    intent = asked_about(client)

    _, where = submitted(page_of(intent), answer="no")

    assert where.endswith("redirect_status=failed")
    failed = client.v1.payment_intents.retrieve(intent.id)
    assert failed.status == "requires_payment_method"
    assert failed.last_payment_error is not None
    assert failed.last_payment_error.code == "payment_intent_authentication_failure"


def test_a_bank_is_answered_once(client: stripe.StripeClient) -> None:
    intent = asked_about(client)
    path = f"/sandbox/payment_intents/{intent.id}/authenticate"
    client.raw_request("post", path, ok="true")

    with pytest.raises(stripe.InvalidRequestError, match="No bank asks"):
        client.raw_request("post", path, ok="true")
