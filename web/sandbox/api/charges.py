"""/v1/charges and /v1/balance_transactions: what payments led to, and what they cost."""

from __future__ import annotations

from web.sandbox.api.asked import Asked, Listing, Route
from web.sandbox.truth.intents import Charge
from web.sandbox.truth.transactions import BalanceTransaction


def retrieve(asked: Asked) -> Charge:
    """One charge."""
    return asked.named(Charge, "charge")


def listing(asked: Asked) -> Listing:
    """Charges, of one payment or customer if one is named."""
    intent, customer = asked.params.text("payment_intent"), asked.params.text("customer")
    return Listing(
        [
            each
            for each in asked.all(Charge)
            if intent in (None, each.intent) and customer in (None, each.customer)
        ]
    )


def transaction(asked: Asked) -> BalanceTransaction:
    """What a charge, a refund or a dispute did to the balance."""
    return asked.named(BalanceTransaction, "balance transaction")


ROUTES = (
    Route("GET", "/v1/charges/<id_>", retrieve),
    Route("GET", "/v1/charges", listing, "payment_intent customer created.*", lists=True),
    Route("GET", "/v1/balance_transactions/<id_>", transaction),
    Route("GET", "/v1/balance/history/<id_>", transaction),
)
