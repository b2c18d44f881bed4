"""A subscription is billed in one currency for as long as it lives."""

from __future__ import annotations

from typing import Any

import pytest
import stripe

from tests.web.sandbox.api.conftest import Sandbox
from tests.web.sandbox.api.subscribers import item_of, subscriber


def test_a_subscription_stays_in_its_currency(sandbox: Sandbox) -> None:
    ada = subscriber(sandbox)
    made = ada.subscribes("starter")
    euros: Any = {
        "currency": "eur",
        "unit_amount": 900,
        "recurring": {"interval": "month"},
        "product_data": {"name": "Euro"},
    }
    ada.plans["euro"] = ada.client.v1.prices.create(euros).id

    with pytest.raises(stripe.InvalidRequestError, match="expected currency: `usd`"):
        ada.changes(made, "euro")
    item = {"id": item_of(made)["id"], "price": ada.plans["euro"]}
    asked: Any = {"subscription": made.id, "subscription_details": {"items": [item]}}
    with pytest.raises(stripe.InvalidRequestError, match="expected currency: `usd`"):
        ada.client.v1.invoices.create_preview(asked)
