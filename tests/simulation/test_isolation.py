"""Accounts and modes never mix, even where all their ids are the same."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from replay.memory import MemoryLedger
from tests.simulation.in_memory import NOW, RULES, START, deliveries
from web.sandbox.lives.stories import STORIES
from web.sandbox.year import simulate

Json = dict[str, Any]

OWN = [each for each in simulate(4, len(STORIES), START).events if not each.get("account")]


def of_account(account: str, events: Sequence[Json]) -> list[Json]:
    """The same objects under the same ids, as a connected account would have them."""
    return [{**each, "account": account} for each in events]


def folded(events: Sequence[Json]) -> MemoryLedger:
    ledger = MemoryLedger(RULES)
    ledger.keep(deliveries(map(msgspec.json.encode, events)), NOW)
    return ledger


def rows_of(ledger: MemoryLedger, account: str) -> dict[str, list[bytes]]:
    """All rows of one account, by table, with the account left out."""
    found = {}
    for table, rows in ledger.rows.items():
        own = (row for row in rows.values() if row.account == account)  # type: ignore[attr-defined]  # all tables have one
        found[table] = sorted(_without(account, msgspec.json.encode(row)) for row in own)
    return found


def _without(account: str, row: bytes) -> bytes:
    return row.replace(account.encode(), b"") if account else row


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 2**32).map(Random))
def test_accounts_with_one_and_the_same_ids_end_as_if_each_were_alone(random: Random) -> None:
    theirs = [each for each in OWN if random.random() < 0.5]
    told = [*OWN, *of_account("acct_one", theirs), *of_account("acct_two", OWN[::3])]

    together = folded(random.sample(told, k=len(told)))

    for account, alone in (("", OWN), ("acct_one", theirs), ("acct_two", OWN[::3])):
        found, expected = rows_of(together, account), rows_of(folded(alone), "")
        found.pop("deliveries"), expected.pop("deliveries")
        assert found == expected
    assert rows_of(together, "") != rows_of(together, "acct_one")


def test_live_events_of_the_same_ids_are_kept_and_not_applied() -> None:
    live = [{**each, "livemode": True, "created": each["created"] + 1} for each in OWN]

    together = folded([*live, *OWN, *live])

    assert together.outcomes["ignored"] >= 2 * len(OWN)
    assert together.fingerprint == folded(OWN).fingerprint
