"""The cards and bank accounts to test with: what each number, or ready-made token, does."""

from __future__ import annotations

from dataclasses import dataclass

from web.sandbox.truth.customers import PaymentMethod
from web.sandbox.truth.world import Truth


@dataclass(frozen=True, slots=True)
class Kind:
    """How a payment method behaves; see `PaymentMethod`."""

    last4: str
    declines: str | None = None
    authenticates: str | None = None
    disputes: bool = False
    brand: str = "visa"
    type: str = "card"


WORKS = Kind("4242")

NUMBERS = {
    "4242424242424242": WORKS,
    "4000056655665556": Kind("5556"),
    "5555555555554444": Kind("4444", brand="mastercard"),
    "378282246310005": Kind("0005", brand="amex"),
    "4000000000000002": Kind("0002", "generic_decline"),
    "4000000000009995": Kind("9995", "insufficient_funds"),
    "4000000000009987": Kind("9987", "lost_card"),
    "4000000000009979": Kind("9979", "stolen_card"),
    "4000000000000069": Kind("0069", "expired_card"),
    "4000000000000127": Kind("0127", "incorrect_cvc"),
    "4000000000000119": Kind("0119", "processing_error"),
    "4000000000000341": Kind("0341", "generic_decline"),
    "4000002500003155": Kind("3155", authenticates="once"),
    "4000002760003184": Kind("3184", authenticates="always"),
    "4000000000003220": Kind("3220", authenticates="always"),
    "4000008260003178": Kind("3178", "insufficient_funds", authenticates="always"),
    "4000008400001629": Kind("1629", "generic_decline", authenticates="always"),
    "4000000000000259": Kind("0259", disputes=True),
}
"""Card number -> behaviour; any other number is no card."""

TOKENS = {
    "pm_card_visa": WORKS,
    "pm_card_mastercard": NUMBERS["5555555555554444"],
    "pm_card_amex": NUMBERS["378282246310005"],
    "pm_card_chargeDeclined": NUMBERS["4000000000000002"],
    "pm_card_visa_chargeDeclined": NUMBERS["4000000000000002"],
    "pm_card_chargeDeclinedInsufficientFunds": NUMBERS["4000000000009995"],
    "pm_card_chargeDeclinedExpiredCard": NUMBERS["4000000000000069"],
    "pm_card_chargeDeclinedLostCard": NUMBERS["4000000000009987"],
    "pm_card_chargeCustomerFail": NUMBERS["4000000000000341"],
    "pm_card_authenticationRequiredOnSetup": NUMBERS["4000002500003155"],
    "pm_card_authenticationRequired": NUMBERS["4000002760003184"],
    "pm_card_threeDSecure2Required": NUMBERS["4000000000003220"],
    "pm_card_threeDSecureRequired": NUMBERS["4000000000003220"],
    "pm_card_authenticationRequiredChargeDeclinedInsufficientFunds": NUMBERS["4000008260003178"],
    "pm_card_createDispute": NUMBERS["4000000000000259"],
    "pm_usBankAccount_success": Kind("6789", type="us_bank_account"),
    "pm_usBankAccount_insufficientFunds": Kind(
        "2227", "insufficient_funds", type="us_bank_account"
    ),
    "pm_sepaDebit_success": Kind("3201", type="sepa_debit"),
    "pm_sepaDebit_insufficientFunds": Kind("3202", "insufficient_funds", type="sepa_debit"),
}
"""Tokens that stand for a new method each time they are used."""

ACCOUNTS = {
    "000123456789": TOKENS["pm_usBankAccount_success"],
    "000222222227": TOKENS["pm_usBankAccount_insufficientFunds"],
    "AT611904300234573201": TOKENS["pm_sepaDebit_success"],
    "AT861904300235473202": TOKENS["pm_sepaDebit_insufficientFunds"],
}
"""Account number or IBAN -> behaviour."""

AT_ONCE = frozenset({"card"})
"""The types whose money comes, or does not, at once."""


def make(truth: Truth, account: str, kind: Kind, **more: object) -> PaymentMethod:
    """A new method nobody keeps yet; Stripe has no event for that."""
    fields: dict[str, object] = {
        "id": truth.new_id("pm_1"),
        "account": account,
        "created": truth.now,
        "customer": None,
        "last4": kind.last4,
        "declines": kind.declines,
        "authenticates": kind.authenticates,
        "disputes": kind.disputes,
        "brand": kind.brand,
        "type": kind.type,
    }
    return truth.add(PaymentMethod(**{**fields, **more}))  # type: ignore[arg-type]  # the table above has the types
