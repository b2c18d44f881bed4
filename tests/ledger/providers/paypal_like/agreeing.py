"""Subscriptions at the second provider: billing agreements."""

from __future__ import annotations

from typing import Any

import msgspec

from ledger.providers.outbound import (
    NewSubscription,
    OpenSubscription,
    PlanChange,
    Preview,
    PreviewLine,
)
from tests.ledger.providers.paypal_like import shapes
from tests.ledger.providers.paypal_like.asking import Asking, segment
from tests.ledger.providers.paypal_like.observer import STATUSES
from tests.ledger.providers.paypal_like.wording import Amount, custom


class _Difference(msgspec.Struct, frozen=True):
    difference: Amount


class Agreeing(Asking):
    """The half of `Outbound` that is paid for again and again."""

    def subscribe(self, key: str, new: NewSubscription) -> OpenSubscription:
        agreement = self._post(
            shapes.Agreement,
            key,
            "/v1/agreements",
            payer=new.provider_customer_id,
            plan=new.price_id,
            quantity=new.quantity,
            custom=custom(new.metadata),
            card=new.card_id,
        )
        return _subscription(agreement)

    def subscription(self, subscription_id: str) -> OpenSubscription:
        return _subscription(self._get(shapes.Agreement, _path(subscription_id)))

    def change_plan(self, key: str, change: PlanChange) -> OpenSubscription:
        path = f"{_path(change.subscription_id)}/revise"
        return _subscription(self._post(shapes.Agreement, key, path, **_revision(change)))

    def preview_change(self, change: PlanChange) -> Preview:
        path = f"{_path(change.subscription_id)}/preview"
        found = self._ask(_Difference, "POST", path, _revision(change), None).difference
        lines = (PreviewLine("The rest of this cycle", found.minor),)
        due, kept = max(0, found.minor), max(0, -found.minor)
        return Preview(found.currency_code.lower(), due, lines, kept)

    def cancel(self, key: str, subscription_id: str, at_period_end: bool) -> OpenSubscription:
        return self._end(key, subscription_id, "with_cycle" if at_period_end else "now")

    def resume(self, key: str, subscription_id: str) -> OpenSubscription:
        return self._end(key, subscription_id, "never")

    def _end(self, key: str, subscription_id: str, when: str) -> OpenSubscription:
        path = f"{_path(subscription_id)}/end"
        return _subscription(self._post(shapes.Agreement, key, path, when=when))


def _path(subscription_id: str) -> str:
    return f"/v1/agreements/{segment(subscription_id)}"


def _revision(change: PlanChange) -> dict[str, Any]:
    return {"plan": change.price_id, "quantity": change.quantity, "card": change.card_id}


def _subscription(agreement: shapes.Agreement) -> OpenSubscription:
    ends_period_at = agreement.cycle.end if agreement.cycle else None
    pending = agreement.status == "APPROVAL_PENDING"
    return OpenSubscription(
        id=agreement.id,
        status=STATUSES[agreement.status],
        price_id=agreement.plan,
        quantity=agreement.quantity,
        client_secret=agreement.token if pending else None,
        cancel_at=ends_period_at if agreement.ends else None,
        ends_period_at=ends_period_at,
        due=agreement.first_amount.money if pending else None,
    )
