"""Endpoints learn of access when it begins and when it really ends, and of every balance."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ledger.aggregates import hand_grant
from ledger.aggregates.credit_wallet import Granted, Spent, Totals
from ledger.aggregates.subscription import Entitled
from ledger.effects import Access
from ledger.event import Event
from tests.ledger.given import SCOPE, day
from tests.ledger.mail.given import Life
from tests.ledger.outgoing.given import calling

URL = "https://app.example/hooks"
SUBSCRIPTION = SCOPE.stream("subscription", "sub_1")
WALLET = SCOPE.stream("wallet", "ann")


def access(*features: str, ends_at: datetime | None = None, customer: str = "ann") -> Access:
    return Access(customer, features, day(0), ends_at=ends_at)


def told(life: Life, *events: Event) -> list[dict[str, Any]]:
    """What is intended because of these events: type, feature, customer, and when it is due."""
    before = set(life.intents)
    life.happen(SUBSCRIPTION, *events)
    found = [life.intents[each] for each in life.intents if each not in before]
    return [
        {
            "type": each.data["type"].removeprefix("entitlement."),
            "feature": each.data["data"]["feature"],
            "customer_id": each.data["data"]["customer_id"],
            **({"due_at": each.due_at} if each.due_at != life.clock() else {}),
        }
        for each in found
    ]


def granted(feature: str, customer: str = "ann") -> dict[str, Any]:
    return {"type": "granted", "feature": feature, "customer_id": customer}


def revoked(feature: str, customer: str = "ann", **due: datetime) -> dict[str, Any]:
    return {"type": "revoked", "feature": feature, "customer_id": customer, **due}


def test_access_is_told_when_it_begins_and_its_end_when_it_comes() -> None:
    assert told(calling(URL), Entitled(access=access("a", "b", ends_at=day(37)))) == [
        granted("a"),
        granted("b"),
        revoked("a", due_at=day(37)),
        revoked("b", due_at=day(37)),
    ]


def test_a_renewal_moves_the_end_and_is_no_new_grant() -> None:
    life = calling(URL)
    told(life, Entitled(access=access("a", ends_at=day(37))))

    assert told(life, Entitled(access=access("a", ends_at=day(67)))) == [
        revoked("a", due_at=day(67))
    ]
    assert told(life, Entitled(access=access("a", ends_at=day(67)))) == []


def test_what_ended_and_is_paid_again_is_granted_again() -> None:
    life = calling(URL)
    told(life, Entitled(access=access("a", ends_at=day(37))))
    life.turn(40)

    assert told(life, Entitled(access=access("a", ends_at=day(67)))) == [
        granted("a"),
        revoked("a", due_at=day(67)),
    ]


def test_what_is_given_no_longer_is_revoked_at_once() -> None:
    life = calling(URL)
    told(life, Entitled(access=access("a", "b")))

    assert told(life, Entitled(access=access("b", "c"), dropped=("a",))) == [
        granted("c"),
        revoked("a"),
    ]
    assert told(life, Entitled(access=access("b", "c", customer="bob"))) == [
        granted("b", "bob"),
        granted("c", "bob"),
        revoked("b"),
        revoked("c"),
    ]
    assert told(life, Entitled(access=None, dropped=("b", "c"))) == [
        revoked("b", "bob"),
        revoked("c", "bob"),
    ]


def test_access_that_was_taken_back_is_over_at_once_and_old_access_is_no_news() -> None:
    life = calling(URL)
    told(life, Entitled(access=access("a")))
    life.turn(10)
    ended = access("a").ended(day(9), "refunded")

    assert told(life, Entitled(access=ended)) == [revoked("a", due_at=day(9))]
    assert told(calling(URL), Entitled(access=access("a", ends_at=day(-1)))) == []


def test_access_that_is_given_by_hand_is_told_too() -> None:
    life = calling(URL)

    life.happen(
        SCOPE.stream("grant", "g_1"), hand_grant.Entitled(access=access("a"), note="a friend")
    )

    (intent,) = life.intents.values()
    assert intent.data["data"]["source_kind"] == "grant"
    assert "a friend" not in str(intent.data)


def test_every_change_of_a_balance_is_told_with_all_its_sums() -> None:
    life = calling(URL)
    bought, spent = Totals(granted=100), Totals(granted=100, spent=30)

    life.happen(
        WALLET,
        Granted(grant_id="pi_1", credits=100, totals=bought),
        Spent(key="k", credits=30, totals=spent),
    )

    assert [each.data["data"]["available"] for each in life.intents.values()] == [100, 70]
    assert [each.data["data"]["version"] for each in life.intents.values()] == [1, 2]


def test_each_endpoint_is_told_under_the_same_message_id() -> None:
    life = calling(URL, "https://other.example/hooks")

    life.happen(WALLET, Granted(grant_id="pi_1", credits=1, totals=Totals(granted=1)))

    ids = [each.data["message_id"] for each in life.intents.values()]
    assert len(ids) == 2
    assert len(set(ids)) == 1
    assert "." not in ids[0]
