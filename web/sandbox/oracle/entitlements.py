"""The entitlements table: who may use what, since when and until when."""

from __future__ import annotations

from collections.abc import Iterator

from web.sandbox.oracle.facts import Known
from web.sandbox.oracle.purchases import all_purchases
from web.sandbox.oracle.rows import Row, Table, keyed, moment
from web.sandbox.oracle.subscriptions import covering, features, paid_until
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
        covers = list(covering(known, noun))
        starts = [invoice.paid_at for invoice, _ in covers if invoice.paid_at is not None]
        tried = noun.trial_end if noun.status == "trialing" else None
        if tried is not None and noun.trial_start is not None:
            starts.append(noun.trial_start)
        if not starts:
            continue
        until = paid_until(known, noun)
        ends_at, reason = min(_ends(known, noun, until), key=lambda end: end[0])
        for feature in features(noun):
            yield {
                "customer_id": known.owner(noun.metadata.get("user_id"), noun.customer),
                "feature": feature,
                "source_kind": "subscription",
                "source_id": noun.id,
                "account": noun.account,
                "granted_at": moment(min(starts)),
                "paid_until": moment(max(filter(None, (until, tried)), default=None)),
                "ends_at": moment(ends_at),
                "reason": reason,
            }


def _ends(known: Known, noun: Subscription, until: int | None) -> Iterator[tuple[int, str | None]]:
    """Everything that may end access, each with its reason; the first to come does."""
    told_at = known.view.told_at[noun.id]
    furthest = max(covering(known, noun), key=lambda each: each[1], default=None)
    gone = known.taken_back(furthest[0]) if furthest else None
    if gone is not None:
        yield max(gone[0], until or 0), gone[1]
    else:
        yield max(until or 0, noun.trial_end or 0) + known.grace_seconds, None
    if noun.cancel_at is not None:
        yield noun.cancel_at, "canceled"
    if noun.status in ENDED:
        yield noun.ended_at or told_at, noun.status
    if noun.status in STOPPED:
        yield known.view.status_since[noun.id], noun.status


ENDED = {"canceled", "incomplete_expired"}
STOPPED = {"unpaid", "paused"}
