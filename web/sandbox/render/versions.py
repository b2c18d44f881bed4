"""Which API versions can be told, and what each of them says differently."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from ledger.errors import LedgerError

NEWEST = "2026-10-28.endive"
VERSIONS = ("2025-09-30.clover", "2026-03-25.dahlia", NEWEST)
"""Versions sort by their dates. Older ones also place fields elsewhere and send other events."""


class Added(NamedTuple):
    """Fields an object (every one of them, for '*') has had since a version."""

    since: str
    object: str
    fields: frozenset[str]


class Reworded(NamedTuple):
    """A field whose words changed with a version: new word to old one."""

    since: str
    object: str
    field: str
    words: Mapping[str, str]


ADDED = tuple(
    Added(since, kind, frozenset(names.split()))
    for since, kind, names in (
        ("2025-12-15", "*", "customer_account"),
        ("2026-03-25", "checkout.session", "integration_identifier managed_payments"),
        ("2026-03-25", "invoiceitem", "quantity_decimal"),
        ("2026-03-25", "line_item", "quantity_decimal subtotal"),
        ("2026-03-25", "payment_intent", "managed_payments"),
        ("2026-03-25", "subscription", "billing_schedules managed_payments"),
        ("2026-05-27", "invoice", "amount_paid_off_stripe"),
        ("2026-05-27", "subscription_item", "billed_until"),
        ("2026-07-29", "refund", "customer payment_method"),
        ("2026-09-30", "checkout.session", "allowed_payment_method_types"),
        ("2026-09-30", "invoice", "status_details"),
        ("2026-09-30", "payment_intent", "allowed_payment_method_types payment_record"),
        ("2026-09-30", "subscription", "status_details"),
    )
)
REWORDED = (Reworded("2026-03-25", "checkout.session", "ui_mode", {"hosted_page": "hosted"}),)


class UnknownVersion(LedgerError):
    """There is no rendering for the API version asked for."""

    def __init__(self, api_version: str) -> None:
        known = ", ".join(VERSIONS)
        super().__init__(f"cannot render API version {api_version!r}; known: {known}")
        self.api_version = api_version


def check(api_version: str) -> None:
    """Raise `UnknownVersion` unless the version can be rendered."""
    if api_version not in VERSIONS:
        raise UnknownVersion(api_version)


def as_told_by(api_version: str, value: Any) -> Any:
    """What the newest version renders, as another one says it, objects inside included."""
    if api_version == NEWEST:
        return value
    if isinstance(value, list):
        return [as_told_by(api_version, each) for each in value]
    if not isinstance(value, dict):
        return value
    unknown = _unknown(api_version, value.get("object"))
    told = {key: as_told_by(api_version, each) for key, each in value.items() if key not in unknown}
    return {**told, **_old_words(api_version, told)}


@cache
def _unknown(api_version: str, kind: str | None) -> frozenset[str]:
    """Fields of this kind of object that the version has not heard of."""
    later = (each for each in ADDED if each.since > api_version and each.object in {kind, "*"})
    return frozenset().union(*(each.fields for each in later))


def _old_words(api_version: str, told: Mapping[str, Any]) -> dict[str, str]:
    return {
        each.field: each.words.get(told[each.field], told[each.field])
        for each in REWORDED
        if each.since > api_version and each.object == told.get("object")
    }
