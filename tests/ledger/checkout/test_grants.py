"""Access given by hand is history like the rest: once, until withdrawn, and kept by a replay."""

from __future__ import annotations

import msgspec
import pytest

from ledger.checkout.grants import HandGrant, grant_access, withdraw_access
from ledger.checkout.refusals import InvalidTerms, KeyTaken, NotYours, UnknownGrant
from projections.engine import fold_until
from projections.entitlements import active, reason
from projections.registry import PROJECTIONS
from tests.ledger.checkout.world import World
from tests.ledger.given import day
from tests.projections.given import Log

PRIZE = HandGrant("g1", "ann", ("plan:premium", "export"), day(30), "won a prize")


def test_a_grant_gives_its_features_until_its_end() -> None:
    world = World()

    for number in (1, 2):
        grant_access(world.shop, PRIZE, world.on(number))

    rows = world.rows("entitlements")
    assert [row.feature for row in rows] == ["export", "plan:premium"]
    row = rows[0]
    assert (row.customer_id, row.source_kind, row.source_id) == ("ann", "grant", "g1")
    assert (row.granted_at, row.ends_at, row.note) == (day(1), day(30), "won a prize")
    assert [(active(row, at), reason(row, at)) for at in (day(1), day(30))] == [
        (True, "granted"),
        (False, "expired"),
    ]


def test_a_withdrawn_grant_ends_then_and_stays_withdrawn() -> None:
    world = World()
    grant_access(world.shop, PRIZE, world.on(1))

    for number in (5, 6):
        withdraw_access(world.shop, "ann", "g1", world.on(number))
    grant_access(world.shop, PRIZE, world.on(7))

    row = world.rows("entitlements")[0]
    assert (row.ends_at, reason(row, day(5))) == (day(5), "withdrawn")


def test_withdrawing_what_is_over_changes_nothing() -> None:
    world = World()
    grant_access(world.shop, PRIZE, world.on(1))

    withdraw_access(world.shop, "ann", "g1", world.on(40))

    assert world.rows("entitlements")[0].ends_at == day(30)


def test_a_grant_for_good_has_no_end() -> None:
    world = World()
    grant_access(world.shop, msgspec.structs.replace(PRIZE, until=None), world.on(1))

    assert world.rows("entitlements")[0].ends_at is None


def test_an_id_stands_for_one_grant() -> None:
    world = World()
    grant_access(world.shop, PRIZE, world.on(1))

    for other in (
        msgspec.structs.replace(PRIZE, user_id="bob"),
        msgspec.structs.replace(PRIZE, features=("export",)),
        msgspec.structs.replace(PRIZE, until=day(31)),
        msgspec.structs.replace(PRIZE, reason="lost a bet"),
    ):
        with pytest.raises(KeyTaken, match="g1"):
            grant_access(world.shop, other, world.on(2))


def test_a_grant_is_withdrawn_from_whom_it_was_given() -> None:
    world = World()
    grant_access(world.shop, PRIZE, world.on(1))

    with pytest.raises(NotYours):
        withdraw_access(world.shop, "bob", "g1", world.on(2))
    with pytest.raises(UnknownGrant):
        withdraw_access(world.shop, "ann", "g2", world.on(2))


@pytest.mark.parametrize(
    "changed",
    [
        {"features": ()},
        {"features": ("",)},
        {"reason": ""},
        {"user_id": "a\x00"},
        {"until": day(3).replace(tzinfo=None)},
    ],
)
def test_a_grant_nobody_could_explain_is_refused(changed: dict[str, object]) -> None:
    world = World()

    with pytest.raises(InvalidTerms):
        grant_access(world.shop, msgspec.structs.replace(PRIZE, **changed), world.on(1))
    assert world.rows("entitlements") == []


def test_a_replay_keeps_what_was_granted() -> None:
    world = World()
    grant_access(world.shop, PRIZE, world.on(1))
    withdraw_access(world.shop, "ann", "g1", world.on(5))

    history = world.ledger.events("grant/stripe/test//g1")

    again = fold_until(Log(history), PROJECTIONS)["entitlements"]
    assert again == world.ledger.rows["entitlements"]
