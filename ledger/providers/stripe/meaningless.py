"""The types of events that say nothing to the ledger, each with the reason why.

A name that ends in a dot or an underscore stands for all types that begin with it.
"""

from __future__ import annotations

_ACCOUNT = "it is about how an account is set up, which moves no money"
_CATALOG = "prices and products are read where something is sold or billed"
_DISCOUNT = "a discount is read in the amounts of what was sold or billed"
_DRAFT = "an invoice counts once it is final, and this one is not"
_HARDWARE = "it is about a device, not about money"
_IDENTITY = "it is about who somebody is, not about what they pay"
_OTHER = "it belongs to a product of Stripe's whose money is not this ledger's"
_OWN_MONEY = "it moves our own money, which no customer paid"
_REPORT = "it announces a report, which repeats what is known"
_RISK = "it is a hint only: what comes of it arrives as a refund or a dispute"
_SOURCE = "sources are what payment methods were before: the payment itself is read"

MEANINGLESS: dict[str, str] = {
    "account.": _ACCOUNT,
    "apps.install.": _ACCOUNT,
    "balance.available": "a balance is a sum of what is read one by one",
    "balance_settings.updated": _ACCOUNT,
    "billing.alert.triggered": "it warns of a customer's use; what is used is billed by invoice",
    "billing.meter.": _CATALOG,
    "billing_portal.": "what a customer changes in the portal arrives as events of its own",
    "capability.updated": _ACCOUNT,
    "cash_balance.funds_available": "money a customer has sent counts when a payment takes it",
    "climate.": _OTHER,
    "coupon.": _DISCOUNT,
    "customer.discount.": _DISCOUNT,
    "customer.source.": _SOURCE,
    "customer.tax_id.": "tax is read in the amounts of what was billed",
    "customer_cash_balance_transaction.created": (
        "money a customer has sent counts when a payment takes it"
    ),
    "file.created": _REPORT,
    "financial_connections.": "it is about a linked bank account, not about a payment from it",
    "identity.": _IDENTITY,
    "invoice.deleted": "only a draft can be deleted, and a draft counts for nothing",
    "invoice.finalization_failed": _DRAFT,
    "invoiceitem.": "it is read as a line of its invoice, once that is final",
    "issuing_": _OTHER,
    "payment_link.": _CATALOG,
    "person.": _IDENTITY,
    "plan.": _CATALOG,
    "price.": _CATALOG,
    "product.": _CATALOG,
    "promotion_code.": _DISCOUNT,
    "quote.": "a quote is an offer; once accepted it is an invoice or a subscription",
    "radar.": _RISK,
    "reporting.": _REPORT,
    "reserve.": "it is our own money, held back by Stripe for a while",
    "review.": _RISK,
    "sigma.": _REPORT,
    "source.": _SOURCE,
    "tax.settings.updated": _ACCOUNT,
    "tax_rate.": "tax is read in the amounts of what was billed",
    "terminal.": _HARDWARE,
    "test_helpers.": "it turns the clock of a test",
    "three_d_secure.": "it is a step of a payment, which tells its outcome itself",
    "topup.": _OWN_MONEY,
    "transfer.failed": "until 2017 payouts were named so; later ones are read",
    "transfer.paid": "until 2017 payouts were named so; later ones are read",
    "treasury.": _OTHER,
}

UNKNOWN = "this type is unknown to this release"


def why_ignored(type_: str) -> str:
    """The reason why a type that nobody reads is ignored."""
    return next((MEANINGLESS[each] for each in _names(type_) if each in MEANINGLESS), UNKNOWN)


def _names(type_: str) -> list[str]:
    """The type itself, and each of its beginnings that a table of reasons may name."""
    ends = [number for number, letter in enumerate(type_, 1) if letter in "._"]
    return [type_, *(type_[:end] for end in reversed(ends))]
