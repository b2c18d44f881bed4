"""What is compared of each kind of object: the rows, the lists that tell of them, and by what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from ledger.observations import Observation
from ledger.providers.stripe.inventory import MOVEMENTS
from replay.reconcile import tells
from replay.reconcile.tells import Told


class Kind(NamedTuple):
    """`where` chooses the rows Stripe must list, `since` is the column that tells their age.

    `columns` are SQL by name. `told_by` are lists, and `asked_as` is the kind by which one object
    is asked for: by the row's own key, or, without `own`, by the ids of the objects that tell of
    it. With `adds_up`, several objects make one row, and their numbers are summed.
    """

    view: str
    key: str
    since: str
    columns: Mapping[str, str]
    where: str
    tell: Callable[[Observation], Told | None]
    told_by: tuple[str, ...]
    asked_as: str
    own: bool = True
    adds_up: bool = False


def _plain(*names: str) -> dict[str, str]:
    return {name: name for name in names}


STANDING = (
    "CASE WHEN paid_at IS NOT NULL THEN 'paid'"
    " WHEN status IN ('pending', 'failed', 'canceled', 'abandoned') THEN status END"
)
PURCHASES = ("purchases", "purchase_id", "opened_at")
PAID = _plain("paid_minor", "currency")
KINDS: Mapping[str, Kind] = {
    "customers": Kind(
        "customers", "provider_customer_id", "created_at", _plain("email", "name"),
        "deleted_at IS NULL AND created_at IS NOT NULL",
        tells.customer, ("customers",), "customers",
    ),
    "subscriptions": Kind(
        "subscriptions", "subscription_id", "started_at",
        _plain("status", "quantity", "current_period_end", "cancel_at"), "TRUE",
        tells.subscription, ("subscriptions",), "subscriptions",
    ),
    "invoices": Kind(
        "invoices", "invoice_id", "finalized_at",
        _plain("status", "currency", "total_minor", "due_minor", "paid_minor"), "TRUE",
        tells.invoice, ("invoices",), "invoices",
    ),
    "payments": Kind(
        *PURCHASES, {**PAID, "standing": STANDING}, "starts_with(purchase_id, 'pi_')",
        tells.payment, ("payments",), "payments",
    ),
    "checkout_sessions": Kind(
        *PURCHASES, {**PAID, "standing": STANDING}, "starts_with(purchase_id, 'cs_')",
        tells.session, ("checkout_sessions",), "checkout_sessions",
    ),
    "charges": Kind(
        *PURCHASES, PAID, "paid_minor > 0 AND charge_id IS NOT NULL",
        tells.received, ("charges",), "charges", own=False,
    ),
    "refunds": Kind(
        *PURCHASES, _plain("refunded_minor"), "refunded_minor > 0",
        tells.refund, ("refunds",), "refunds", own=False, adds_up=True,
    ),
    "disputes": Kind(
        *PURCHASES, _plain("disputed_minor"), "disputed_minor > 0",
        tells.dispute, ("disputes",), "disputes", own=False, adds_up=True,
    ),
    "account_payments": Kind(
        "account_payments", "purchase_id", "requested_at", _plain("status"),
        "starts_with(purchase_id, 'pi_')",
        tells.asked_payment, ("payments",), "payments",
    ),
    MOVEMENTS: Kind(
        MOVEMENTS, "balance_transaction_id", "created_at",
        _plain("currency", "amount_minor", "fee_minor", "net_minor"), "FALSE",
        tells.movement, ("charges", "refunds", "disputes"), MOVEMENTS,
    ),
}  # fmt: skip
"""Kind -> what is compared, in the order a repair needs: payers before what they pay."""


def told(kind: Kind, said: Iterable[Observation]) -> Iterator[Told]:
    """What an object says of rows of this kind."""
    return (found for each in said if (found := kind.tell(each)) is not None)


def compared(fees: bool) -> Mapping[str, Kind]:
    """What there is to compare; what payments cost only where that is fetched."""
    return {name: kind for name, kind in KINDS.items() if fees or name != MOVEMENTS}
