"""The ledger with one guard taken away, by a variant as other systems have it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from ledger import clerk, snapshots
from ledger.aggregates import subscription
from ledger.disputes import Disputes
from ledger.effects import Access
from ledger.money import Money
from ledger.observations import Plan
from ledger.policy import Coverage, Policy
from ledger.receipts import Receipts
from ledger.refunds import Refunds
from ledger.snapshots import Newest, Snapshot

Guardless = AbstractContextManager[None]


@contextmanager
def instead(owner: object, name: str, variant: object) -> Iterator[None]:
    """`owner.name` is `variant` meanwhile."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(owner, name, variant)
        yield


def an_order_of_snapshots() -> Guardless:
    """The last snapshot to arrive wins, not the newest."""

    def last_to_arrive(_: Newest[Any], snapshot: Snapshot[Any]) -> Newest[Any]:
        return Newest((snapshot,))

    return instead(Newest, "with_", last_to_arrive)


def the_chain_within_a_second() -> Guardless:
    """Snapshots of one second are told apart by nothing that says what came before."""
    return instead(snapshots, "chain_ends", lambda _: set())


def one_payment_for_all_reports() -> Guardless:
    """Each object's report of a payment is money of its own."""

    def sum_of_all(these: Receipts) -> Money:
        first, *others = (money for told in these.reports.values() for money in told)
        return sum(others, start=first)

    return instead(Receipts, "money", property(sum_of_all))


def refunds_of_the_same_money() -> Guardless:
    """The provider's sum of refunds is taken for a refund of its own."""

    def sum_of_all(these: Refunds) -> int:
        single = sum(each.amount.minor for each in these.by_id.values())
        return single + (these.total.total.minor if these.total else 0)

    return instead(Refunds, "minor", property(sum_of_all))


def patience_with_disputes() -> Guardless:
    """A dispute takes back as soon as it is opened."""
    return instead(Disputes, "lost_minor", Disputes.disputed_minor)


def access_by_what_is_paid() -> Guardless:
    """Access follows the provider's word for a status, as it stands."""
    granting = ("active", "trialing", "past_due")

    def by_status(
        plan: Plan, as_of: Any, owner: str, coverage: list[Coverage], _: Policy
    ) -> Access | None:
        return Access(owner, plan.features, as_of) if plan.status in granting else None

    return instead(subscription, "subscription_access", by_status)


def faults_kept_as_refusals() -> Guardless:
    """A fault of our own stops the worker."""
    return instead(clerk, "FAULTS", ())
