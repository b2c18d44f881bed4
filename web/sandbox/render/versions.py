"""Which API versions can be told, and what each of them says differently."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from ledger.errors import LedgerError
from web.sandbox.render.fields import ADDED, REWORDED
from web.sandbox.truth.timeline import NEWEST

__all__ = ["NEWEST", "VERSIONS", "UnknownVersion", "as_told_by", "check"]

VERSIONS = (
    "2020-08-27",
    "2022-11-15",
    "2025-03-31.basil",
    "2025-09-30.clover",
    "2026-03-25.dahlia",
    NEWEST,
)
"""Versions sort by their dates. What older ones place elsewhere is in `places`, which types of
events they lack in `types`, and what happened otherwise in `web.sandbox.older`."""


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
        if each.since > api_version and each.object == told.get("object") and each.field in told
    }
