"""Grants access by hand: history like the rest, so that a replay or a comparison keeps it."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.aggregates import hand_grant
from ledger.checkout.refusals import InvalidTerms, KeyTaken, NotYours, UnknownGrant
from ledger.checkout.shop import Shop
from ledger.checkout.visit import Try, attempt
from ledger.checkout.words import checked_id, checked_text
from ledger.effects import Access


class HandGrant(msgspec.Struct, frozen=True):
    """Features a person gives a user, until when (None: for good), and why."""

    grant_id: str
    user_id: str
    features: tuple[str, ...]
    until: datetime | None
    reason: str


def grant_access(shop: Shop, grant: HandGrant, now: datetime) -> None:
    """Gives access from now on; the same grant again is nothing new, also once withdrawn.

    Raises InvalidTerms, KeyTaken, Contended and StoreUnavailable.
    """

    def work(at: Try) -> None:
        given(at, grant)
        at.store()

    attempt(shop, now, work)


def withdraw_access(shop: Shop, user_id: str, grant_id: str, now: datetime) -> None:
    """Ends a grant now, unless it is over. Raises UnknownGrant, NotYours, Contended and
    StoreUnavailable."""

    def work(at: Try) -> None:
        found = at.get(hand_grant.HandGrant, checked_id("grant_id", grant_id))
        if found.access is None:
            raise UnknownGrant(grant_id)
        if found.access.customer_id != user_id:
            raise NotYours(user_id, grant_id)
        found.withdraw(now, at.why)
        at.store()

    attempt(shop, now, work)


def given(at: Try, grant: HandGrant) -> None:
    """Decides on a grant. Raises InvalidTerms and KeyTaken."""
    features = tuple(sorted({checked_text("feature", each) for each in grant.features}))
    if not features:
        raise InvalidTerms("grant", "it gives no feature")
    if grant.until is not None and grant.until.tzinfo is None:
        raise InvalidTerms("grant", "the end needs a time zone")
    access = Access(
        checked_id("user_id", grant.user_id), features, granted_at=at.now, ends_at=grant.until
    )
    note = checked_text("reason", grant.reason)
    found = at.get(hand_grant.HandGrant, _checked_grant_id(grant.grant_id))
    if found.access is not None and not found.same_as(access, note):
        raise KeyTaken(grant.grant_id)
    found.give(access, note, at.why)


def _checked_grant_id(grant_id: str) -> str:
    """A free group's grant is named after group and user, so it may be twice as long."""
    return checked_text("grant_id", grant_id)
