"""Over a whole simulated year each fact is told once, in whatever order it is reported."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from functools import cache
from typing import cast

import pytest
from eventsourcing.domain import DomainEventProtocol

from ledger.application import Inbox
from ledger.assembly import bookkeeper
from ledger.delivery import Delivery
from ledger.reactions.reactor import Reactor
from ledger.reactions.store import Reactions
from ledger.reactions.table import DECISIONS
from ledger.settings import Settings
from ledger.store.log import LogReader
from projections.engine import fold_until
from projections.registry import PROJECTIONS
from tests.ledger.reactions.given import NAMES, Clock
from web.sandbox.deliveries import simulated

SETTINGS = Settings.from_environment({"BILLING_MAIL_DIR": "unused"})


@cache
def year() -> tuple[Delivery, ...]:
    return tuple(simulated(customers=20, seed=7))


def happened(url: str, deliveries: Sequence[Delivery]) -> Counter[str]:
    """How many reactions of each kind are intended, with nobody to have their effect."""
    with closing(LogReader(url, NAMES.ledger)) as history, closing(log_of(url)) as log:
        with Reactions(url, NAMES) as reactions:
            rules = (DECISIONS, SETTINGS.reacting)
            reactor = Reactor(history, log, reactions, rules, Clock())
            reactor.begin()
            with Inbox(url, NAMES, pool_size=1) as inbox:
                inbox.append(cast("list[DomainEventProtocol[str]]", list(deliveries)))
            with closing(bookkeeper(SETTINGS, url)) as books:
                books.run_until_idle()
            while reactor.follow():
                pass
        return Counter(each.split("/")[-1] for each in log.ending_in(["Reaction.Intended"]))


def log_of(url: str) -> LogReader:
    return LogReader(url, NAMES.reactions)


def of(kind: str, told: Counter[str]) -> set[str]:
    return {each for each in told if each.startswith(f"mail.{kind}:")}


def receipts(url: str) -> set[str]:
    """The ids of what finance says that somebody we know paid money for."""
    with closing(LogReader(url, NAMES.ledger)) as history:
        rows = fold_until(history, PROJECTIONS)["paid_invoices"].values()
    return {
        f"mail.receipt:{row.invoice_id}"  # type: ignore[attr-defined]  # of this table
        for row in rows
        if row.customer_id and row.amount_paid_minor  # type: ignore[attr-defined]  # the same
    }


def test_each_payment_that_finance_sees_has_one_receipt(database_url: str) -> None:
    told = happened(database_url, year())

    assert of("receipt", told) == receipts(database_url)
    assert len(of("receipt", told)) > 20
    assert of("payment_failed", told)
    assert of("subscription_started", told)
    assert of("refund", told)


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_deliveries_tell_of_the_same_payments(database_url: str, seed: int) -> None:
    shuffled = list(year())
    random.Random(seed).shuffle(shuffled)

    told = happened(database_url, shuffled)

    assert of("receipt", told) == receipts(database_url)
