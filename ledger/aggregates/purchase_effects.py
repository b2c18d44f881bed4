"""What follows from the facts of a purchase whose money counts: each a function of the purchase."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from ledger.effects import Access, AccountCredit, Grant, Receipt
from ledger.money import Money
from ledger.observations import Payer, PaymentSource, Terms
from ledger.policy import Sums, TakenBack, revoked_credits
from ledger.refunds import Refunds
from ledger.snapshots import Newest


class Standing(Protocol):
    """What is known of a purchase, as far as anything follows from it."""

    described: dict[PaymentSource, Newest[Terms]]
    terms: Terms
    received: Money | None
    paid_at: datetime
    refunds: Refunds
    invoice_ids: tuple[str, ...]
    stands_alone: bool

    @property
    def customer_id(self) -> str | None: ...

    @property
    def payer(self) -> Payer: ...

    @property
    def sums(self) -> Sums: ...

    @property
    def taken_back(self) -> TakenBack | None: ...


def receipt(purchase: Standing) -> Receipt | None:
    """Its receipt, where it is a sale of its own."""
    if purchase.received is None or purchase.invoice_ids:
        return None
    if not (purchase.terms.one_off or purchase.stands_alone):
        return None
    refunded_minor = purchase.refunds.minor
    return Receipt(purchase.customer_id, purchase.received, purchase.paid_at, refunded_minor)


def access(purchase: Standing) -> Access | None:
    """The features it gives, until it is taken back."""
    if not purchase.terms.features or purchase.customer_id is None:
        return None
    given = Access(purchase.customer_id, purchase.terms.features, purchase.paid_at)
    taken = purchase.taken_back
    return given.ended(taken.at, taken.because) if taken else given


def grant(purchase: Standing) -> Grant | None:
    """The credits it gives, and how many of them went back."""
    credits = purchase.terms.credits
    if not credits or purchase.customer_id is None:
        return None
    return Grant(purchase.customer_id, credits, revoked_credits(credits, purchase.sums))


def account_credit(purchase: Standing) -> AccountCredit | None:
    """The money it brings to the account of charges it was asked for, or to its payer's."""
    if purchase.received is None or purchase.invoice_ids or purchase.customer_id is None:
        return None
    if not (purchase.terms.account_payment or from_outside(purchase)):
        return None
    taken = purchase.taken_back
    return AccountCredit(
        customer_id=purchase.customer_id,
        received=purchase.received,
        paid_at=purchase.paid_at,
        request_id=purchase.terms.account_payment,
        refunded_minor=purchase.refunds.minor,
        taken_back_at=taken.at if taken else None,
        provider_customer_id=purchase.payer.provider_customer_id,
    )


def from_outside(purchase: Standing) -> bool:
    """Whether it was checked out on a page of the provider's, for nothing of ours."""
    terms, payer = purchase.terms, purchase.payer
    ours = terms.platform or terms.features or terms.credits or payer.user_id
    known = purchase.customer_id != payer.provider_customer_id
    return "checkout" in purchase.described and not ours and known
