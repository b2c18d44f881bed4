"""Access by hand is explained like any other: who may, since when, why, and what would end it."""

from __future__ import annotations

from contextlib import closing

from click.testing import CliRunner

from ledger.application import Ledger
from ledger.bookkeeper import stored_streams
from ledger.checkout.grants import HandGrant, grant_access, withdraw_access
from ledger.checkout.shop import Brand, Shop
from ledger.cli import main
from ledger.store.log import LogReader
from ledger.store.names import Names
from projections.schema import migrate
from tests.projections.ledger import project
from tests.replay.living import RULES, SCOPE, START
from tests.support.fake_outbound import FakeOutbound
from tests.support.fake_provider import FakeProvider

NAMES = Names()
PRIZE = HandGrant("g1", "ann", ("plan:premium",), None, "won a prize")


def explained(url: str, feature: str = "plan:premium") -> str:
    runner = CliRunner(env={"DATABASE_URL": url})
    return runner.invoke(main, ["explain", "entitlement", "ann", feature]).stdout


def test_a_grant_is_explained_by_what_a_person_said(database_url: str) -> None:
    migrate(database_url)
    with (
        Ledger(database_url, NAMES, pool_size=1) as ledger,
        closing(LogReader(database_url, NAMES.ledger)) as history,
    ):
        outbound, brand = FakeOutbound(FakeProvider()), Brand("LEAD", "https://lead.example")
        shop = Shop(ledger, stored_streams(history), outbound, brand, RULES.policy, SCOPE)
        grant_access(shop, PRIZE, START)
        project(database_url)
        given = explained(database_url)
        withdraw_access(shop, "ann", "g1", START.replace(month=2))
        project(database_url)
        withdrawn = explained(database_url)

    assert given.startswith("yes: ann may use plan:premium for good")
    assert "a person granted it by hand" in given
    assert "a person withdrawing g1" in given
    assert "won a prize" in given
    assert withdrawn.startswith("no: ann may not use plan:premium")
    assert "it was withdrawn by hand" in withdrawn
