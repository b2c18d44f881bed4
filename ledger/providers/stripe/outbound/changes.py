"""Another price, quantity or card for a subscription, and what that would cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from ledger.providers.outbound import UNPAID, OpenSubscription, PlanChange, Preview, PreviewLine
from ledger.providers.problems import CardDeclined
from ledger.providers.stripe.outbound.subscriptions import (
    NEEDS_THE_PAYER,
    WITH_SECRET,
    StoodAt,
    Subscriptions,
)

if TYPE_CHECKING:
    from stripe.params import InvoiceCreatePreviewParams, SubscriptionUpdateParams


class Changes(Subscriptions):
    """`Outbound`: plan changes."""

    def change_plan(self, key: str, change: PlanChange) -> OpenSubscription:
        """The change from now on, billed at once. A declined card changes nothing: CardDeclined.

        Where the card's holder has to be asked, the change waits for that in the page.
        """
        wanted = _wanted(self._stands(change.subscription_id), change)
        own: SubscriptionUpdateParams = {}
        if change.card_id is not None:
            own["default_payment_method"] = change.card_id
        try:
            outright = wanted | own | {"payment_behavior": "error_if_incomplete"}
            return self._change(key, change.subscription_id, outright)
        except CardDeclined as declined:
            if declined.declined_for not in NEEDS_THE_PAYER:
                raise
        if own:  # a change that waits can hold no card
            self._change(f"{key}:card", change.subscription_id, own)
        waiting = wanted | {"payment_behavior": "pending_if_incomplete"}
        return self._change(f"{key}:in-page", change.subscription_id, waiting)

    def preview_change(self, change: PlanChange) -> Preview:
        """What that change would cost now."""
        current = self._stands(change.subscription_id)
        wanted = _wanted(current, change)
        if wanted["proration_behavior"] == "none":
            return Preview(current.item.price.currency, 0, ())
        asked: InvoiceCreatePreviewParams = {
            "subscription": change.subscription_id,
            "subscription_details": {
                "items": [
                    {
                        "id": current.item.id,
                        "price": change.price_id,
                        "quantity": change.quantity,
                    }
                ],
                "proration_behavior": "always_invoice",
            },
        }
        return self._ask(_Bill, self._v1.invoices.create_preview, asked).as_preview()

    def _change(
        self, key: str, subscription_id: str, wanted: SubscriptionUpdateParams
    ) -> OpenSubscription:
        asked = wanted | {"expand": WITH_SECRET}
        call = self._v1.subscriptions.update
        return self._ask(StoodAt, call, subscription_id, asked, key=key).as_open()


def _wanted(current: StoodAt, change: PlanChange) -> SubscriptionUpdateParams:
    # While a bill is not paid, what it bills is taken for the time that runs.
    paid = change.paid_for or current.status not in UNPAID
    wanted: SubscriptionUpdateParams = {
        "items": [
            {"id": current.item.id, "price": change.price_id, "quantity": change.quantity},
        ],
        "proration_behavior": "always_invoice" if change.prorated and paid else "none",
    }
    if change.paid_until is not None:  # Stripe has no other word for time that is not billed
        wanted["trial_end"] = int(change.paid_until.timestamp())
    return wanted


class _Line(msgspec.Struct, frozen=True):
    amount: int
    description: str | None = None


class _Lines(msgspec.Struct, frozen=True):
    data: list[_Line]


class _Bill(msgspec.Struct, frozen=True):
    currency: str
    amount_due: int
    total: int
    lines: _Lines
    starting_balance: int = 0

    def as_preview(self) -> Preview:
        """Stripe asks for nothing where the total is below 0, and keeps that as a balance < 0."""
        lines = tuple(PreviewLine(each.description or "", each.amount) for each in self.lines.data)
        used = min(-self.starting_balance, self.total)
        return Preview(self.currency, self.amount_due, lines, max(0, -self.total), max(0, used))
