"""A ledger whose reactions came to all kinds of ends."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from datetime import UTC, datetime

import pytest

from ledger.event import Cause
from ledger.reactions.reaction import Reaction
from ledger.reactions.store import Reactions, reactions_of
from ledger.store.log import LogReader
from tests.ledger.reactions.given import NAMES
from tests.replay.test_no_effects import Installation

DONE, FAILED, PARKED, UNTRIED = (f"reaction/stripe/test//mail.receipt:pi_{n}" for n in range(1, 5))


def all_reactions(url: str) -> dict[str, Reaction]:
    with closing(LogReader(url, NAMES.reactions)) as log:
        return reactions_of(log, [DONE, FAILED, PARKED, UNTRIED])


def settle(url: str, reaction: Reaction) -> None:
    """Stores what was decided of a reaction."""
    with Reactions(url, NAMES) as reactions:
        reactions.append(reaction.collect_events())


@pytest.fixture
def source(installed: Installation) -> Installation:
    """A mail that was sent, one to be tried again, one that is parked, and one not tried yet."""
    folder = installed.settings.pop("BILLING_MAIL_DIR")
    installed.settings["BILLING_SMTP_URL"] = "smtp://127.0.0.1:9?tls=none"
    installed.settings["BILLING_MAIL_FROM"] = "shop@sellers.example"
    installed.append(2, 3, 4)
    installed.billing("work", "--until-idle")
    parked, now = all_reactions(installed.url)[PARKED], datetime.now(UTC)
    parked.fail("the recipient does not exist", False, Cause("executor", now, now))
    settle(installed.url, parked)
    del installed.settings["BILLING_SMTP_URL"]
    installed.settings["BILLING_MAIL_DIR"] = folder
    assert statuses(installed.url) == {
        DONE: "done", FAILED: "waiting", PARKED: "parked", UNTRIED: "waiting"
    }  # fmt: skip
    installed.billing("seal")
    return installed


def statuses(url: str) -> Mapping[str, str]:
    return {id_: each.status for id_, each in all_reactions(url).items()}
