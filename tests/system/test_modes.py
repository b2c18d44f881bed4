"""A live ledger takes test events in, says that it ignores them, and has no row of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.system.delivering import Delivering
from tests.system.installation import NAMES, Installation
from tests.system.odd_events import made
from tests.system.posting import post_event
from tests.system.year import in_order
from web.sandbox.demo.comparison import KEYS, rows

FEW = 200


@pytest.fixture
def live(installation: Installation, tmp_path: Path) -> Iterator[Installation]:
    """An installation for the money of real customers."""
    with closing(Installation(installation.url, tmp_path, {"BILLING_MODE": "live"})) as live:
        yield live


def test_test_events_are_ignored_by_a_live_ledger(live: Installation) -> None:
    live.serve(), live.work()
    real = made("customer.created") | {"livemode": True}

    with Delivering(live, in_order()[:FEW]):
        assert post_event(live, real).status == 200

    live.until_idle()
    with live.finance() as finance:
        found = {table: rows(finance, NAMES.finance, table) for table in (*KEYS, "deliveries")}
    outcomes = {row["event_id"]: (row["outcome"], row["reason"]) for row in found["deliveries"]}
    assert outcomes.pop(real["id"]) == ("applied", None)
    assert len(outcomes) == FEW
    assert set(outcomes.values()) == {("ignored", "a test event on a live ledger")}
    customers = [row["provider_customer_id"] for row in found.pop("customers")]
    assert customers == [real["data"]["object"]["id"]]
    assert not any(found[table] for table in KEYS if table != "customers")
