"""Who follows the calls knows in the end what everybody may use, in whatever order all arrived."""

from __future__ import annotations

import json
from collections.abc import Sequence
from random import Random

import pytest

from projections.entitlements import Entitlement
from tests.ledger.outgoing.given import SECRET
from tests.ledger.reactions.lives import Arrival, Lives, lived
from tests.ledger.reactions.test_lives import again, at_once, late, told
from tests.simulation.in_memory import RULES
from tests.support.endpoint import Received, endpoint

Held = tuple[str, str, str, str]  # customer, feature, kind of source, source


def followed(received: Sequence[Received]) -> set[Held]:
    """What is held, to one who leaves out what is older than what they know of the same source."""
    known = dict[Held, tuple[int, bool]]()
    for each in received:
        message = json.loads(each.body)
        if message["type"].startswith("entitlement."):
            said = message["data"]
            held = said["customer_id"], said["feature"], said["source_kind"], said["source_id"]
            if held not in known or said["version"] >= known[held][0]:
                known[held] = said["version"], message["type"] == "entitlement.granted"
    return {held for held, (_, granted) in known.items() if granted}


def truly_held(lives: Lives) -> set[Held]:
    """What finance says at the end of time."""
    rows = lives.rows["entitlements"].values()
    return {
        (row.customer_id, row.feature, row.source_kind, row.source_id)
        for row in rows
        if isinstance(row, Entitlement) and (row.ends_at is None or row.ends_at > lives.clock())
    }


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_who_follows_the_calls_knows_what_finance_knows(seed: int | None) -> None:
    arrivals = [at_once(each) for each in told()] if seed is None else _shuffled(Random(seed))
    with endpoint() as called:
        calls = f"{called.url} {SECRET}"
        lives = lived(RULES, arrivals, BILLING_MAIL_DIR="", BILLING_OUTGOING_WEBHOOKS=calls)

    ids = [each.headers["webhook-id"] for each in called.received]
    assert len(ids) == len(set(ids)) > 100, "each message once"
    assert followed(called.received) == truly_held(lives)
    assert truly_held(lives)


def _shuffled(random: Random) -> list[Arrival]:
    return [*late(told(), random), *again(random)]
