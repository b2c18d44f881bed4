"""The entitlements table: who may use what, since when and until when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.purchases import all_purchases
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.oracle.subscriptions import covering, features
from web.sandbox.truth.subscriptions import Subscription

KEY = ("account", "source_kind", "source_id", "feature")


def entitlements(known: Known) -> Table:
    """One row for each feature of each source. `reason` is only what a fact has settled; whether
    a row is active depends on the clock and is not here."""
    return keyed([*_from_purchases(known), *_from_subscriptions(known)], *KEY)


def _from_purchases(known: Known) -> Iterator[Row]:
    for each in all_purchases(known):
        if not each.grants or each.customer_id is None:
            continue
        ends_at, reason = each.money.taken_back or (None, None)
        for feature in each.features:
            yield {
                "customer_id": each.customer_id,
                "feature": feature,
                "source_kind": "purchase",
                "source_id": each.id,
                "account": each.source.account,
                "granted_at": moment(each.money.paid_at),
                "paid_until": None,
                "ends_at": moment(ends_at),
                "reason": reason,
            }


def _from_subscriptions(known: Known) -> Iterator[Row]:
    for noun in known.view.all(Subscription):
        access = _access(known, noun)
        if access is None:
            continue
        for feature in features(noun):
            yield {
                "customer_id": known.owner(noun.metadata.get("user_id"), noun.customer),
                "feature": feature,
                "source_kind": "subscription",
                "source_id": noun.id,
                "account": noun.account,
                "granted_at": moment(access.granted_at),
                "paid_until": moment(access.paid_until),
                "ends_at": moment(ENDS.get(noun.status, _when_announced)(access)),
                "reason": REASONS.get(noun.status),
            }


@dataclass(frozen=True, slots=True)
class Access:
    """What decides until when a subscription gives access (Unix seconds)."""

    noun: Subscription
    granted_at: int
    paid_until: int | None
    told_at: int
    grace: int

    @property
    def limit(self) -> int:
        """The end of what is paid for or tried, and the grace after it."""
        tried = self.noun.trial_end if self.noun.status == "trialing" else None
        return max(self.paid_until or 0, tried or 0) + self.grace


def _access(known: Known, noun: Subscription) -> Access | None:
    """None when nothing was paid and nothing is being tried."""
    covers = list(covering(known, noun))
    starts = [invoice.paid_at for invoice, _ in covers if invoice.paid_at is not None]
    if noun.status == "trialing" and noun.trial_start is not None:
        starts.append(noun.trial_start)
    if not starts:
        return None
    until = max((end for _, end in covers), default=None)
    return Access(noun, min(starts), until, known.view.told_at[noun.id], known.grace_seconds)


def _when_ended(access: Access) -> int | None:
    return access.noun.ended_at


def _when_stopped(access: Access) -> int:
    return min(access.limit, access.told_at)


def _when_announced(access: Access) -> int:
    return min(access.noun.cancel_at or access.limit, access.limit)


ENDS: dict[str, Callable[[Access], int | None]] = {
    "canceled": _when_ended,
    "incomplete_expired": _when_ended,
    "unpaid": _when_stopped,
    "paused": _when_stopped,
}
"""Statuses that stop access; in all others it lasts as announced, or as paid for."""
REASONS = {"canceled": "canceled", "unpaid": "unpaid", "paused": "paused"}
