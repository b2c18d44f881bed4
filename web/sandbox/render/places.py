"""Which fields older versions place elsewhere: by version and kind of object, a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from web.sandbox.render import before_2022_11, before_2025_03
from web.sandbox.render.context import Context
from web.sandbox.truth.intents import Charge, Intent
from web.sandbox.truth.invoices import Invoice, InvoiceItem
from web.sandbox.truth.sessions import Session
from web.sandbox.truth.subscriptions import Subscription
from web.sandbox.truth.view import Noun

Json = dict[str, Any]
Place = Callable[[Json, Any, Context, int], Json]
"""A newer rendering, its object, what it belongs to and when: the older rendering.

Objects placed inside another one are rendered by the newest version; they are brought down by the
same table.
"""


class Placed(NamedTuple):
    """Kinds of objects whose fields have been where they are since a version."""

    since: str
    kinds: dict[type[Noun], Place]


PLACED = (
    Placed(
        "2025-03-31",
        {
            Charge: before_2025_03.charge,
            Intent: before_2025_03.payment_intent,
            Invoice: before_2025_03.invoice,
            InvoiceItem: before_2025_03.invoice_item,
            Subscription: before_2025_03.subscription,
        },
    ),
    Placed("2022-11-15", {Charge: before_2022_11.charge, Intent: before_2022_11.payment_intent}),
    Placed("2022-08-01", {Session: before_2022_11.session}),
)
"""From the newest change to the oldest, which is how they are undone."""


def place(api_version: str, told: Json, noun: Noun, context: Context, at: int) -> Json:
    """The rendering with everything where the version has it."""
    for each in PLACED:
        if api_version < each.since and type(noun) in each.kinds:
            told = each.kinds[type(noun)](told, noun, context, at)
    return told
