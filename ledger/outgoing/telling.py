"""Which events endpoints are told: access that is granted or revoked, and changed balances."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from typing import Any

from ledger.aggregates import credit_wallet, hand_grant, purchase_events, subscription
from ledger.aggregates.credit_wallet import Totals
from ledger.effects import Access
from ledger.outgoing.call import Call, Ends, Value
from ledger.reactions.deciding import Decisions, Intent, Seen


def granted(seen: Seen) -> Iterator[Intent]:
    """Each feature that may be used now and, from this source, could not be used before."""
    now, before = _access(seen)
    for feature in _open(now, seen.event.recorded_at):
        if not _gave(before, now, feature, seen.event.recorded_at):
            yield from _calls(seen, "entitlement.granted", feature, _told(seen, now, feature))


def revoked(seen: Seen) -> Iterator[Intent]:
    """Each feature that this source gives no longer, or not to the same customer."""
    now, before = _access(seen)
    for feature in _open(before, seen.event.recorded_at):
        if now is None or before is None or not _names(now, before.customer_id, feature):
            data = {**_told(seen, before, feature), "reason": "taken_back"}
            yield from _calls(seen, "entitlement.revoked", feature, data)


def ending(seen: Seen) -> Iterator[Intent]:
    """Each feature whose end is set by now, told when the end has come and still stands."""
    now, before = _access(seen)
    if now is None or now.ends_at is None:
        return
    recorded_at = seen.event.recorded_at
    for feature in now.features:
        was_told = _gave(before, now, feature, recorded_at)
        if was_told and before and before.ends_at == now.ends_at:
            continue
        if was_told or now.ends_at > recorded_at:
            yield from _calls(
                seen,
                "entitlement.revoked",
                feature,
                {**_told(seen, now, feature), "reason": now.ended_because or "expired"},
                Ends(seen.event.originator_id, now.customer_id, feature, now.ends_at),
            )


def balance_changed(seen: Seen) -> Iterator[Intent]:
    """Credits came, went or were spent."""
    event: Any = seen.event
    totals: Totals = event.totals
    data: dict[str, Value] = {
        "customer_id": seen.stream.key,
        "granted": totals.granted,
        "spent": totals.spent,
        "revoked": totals.revoked,
        "available": totals.available,
        "shortfall": totals.shortfall,
    }
    yield from _calls(seen, "balance.changed", "", data)


def _access(seen: Seen) -> tuple[Access | None, Access | None]:
    """What the source gives now, and what it gave just before."""
    event: Any = seen.event
    earlier: list[Any] = seen.earlier(type(event))
    return event.access, earlier[0].access if earlier else None


def _open(access: Access | None, at: datetime) -> tuple[str, ...]:
    """What may be used at a moment."""
    over = access is None or (access.ends_at is not None and access.ends_at <= at)
    return () if access is None or over else access.features


def _names(access: Access, customer_id: str, feature: str) -> bool:
    return access.customer_id == customer_id and feature in access.features


def _gave(before: Access | None, now: Access | None, feature: str, at: datetime) -> bool:
    """Whether the same customer could use it from this source already."""
    if before is None or now is None:
        return False
    return feature in _open(before, at) and before.customer_id == now.customer_id


def _told(seen: Seen, access: Access | None, feature: str) -> dict[str, Value]:
    assert access is not None
    return {
        "customer_id": access.customer_id,
        "feature": feature,
        "source_kind": seen.stream.category,
        "source_id": seen.stream.key,
        "granted_at": access.granted_at.isoformat(),
        "paid_until": access.paid_until.isoformat() if access.paid_until else None,
        "ends_at": access.ends_at.isoformat() if access.ends_at else None,
        "trial": access.trial,
    }


def _calls(
    seen: Seen, type_: str, what: str, data: dict[str, Value], if_ended: Ends | None = None
) -> Iterator[Intent]:
    """One message, to each endpoint there is. `version` orders those of one source or balance."""
    stream, version = seen.stream, seen.event.originator_version
    fact = f"{type_}:{stream.category}:{stream.key}:{version}:{what}"
    fact += ":end" if if_ended else ""
    scope = stream.scope
    where: dict[str, Value] = {"account": scope.account, "livemode": scope.livemode}
    for endpoint in seen.by.endpoints:
        call = Call(
            endpoint=endpoint.url,
            message_id=f"msg_{_digest(scope.stream('message', fact))}",
            type=type_,
            timestamp=if_ended.ends_at if if_ended else seen.event.effective_at,
            data={**data, **where, "version": version},
            if_ended=if_ended,
        )
        due_at = if_ended.ends_at if if_ended else None
        yield Intent(f"webhook.{type_}", f"{fact}:{_digest(endpoint.url)[:8]}", call, due_at)


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


_ACCESS = (granted, revoked, ending)

CALLING: Decisions = {
    purchase_events.Entitled: _ACCESS,
    subscription.Entitled: _ACCESS,
    hand_grant.Entitled: _ACCESS,
    **dict.fromkeys(credit_wallet.EVENTS, (balance_changed,)),
}
"""Kind of event -> the messages it may call for."""
