"""A town with a catalog, on a fresh database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from ledger.application import Inbox, Ledger
from ledger.checkout.catalog import (
    GroupTerms,
    LearningPathTerms,
    offer_group,
    offer_learning_path,
    offer_plan,
)
from ledger.store.log import LogReader
from projections.schema import migrate
from tests.ledger.checkout.town import PLANS, THREADS, Town
from tests.ledger.given import day, usd
from tests.projections.ledger import NAMES


@pytest.fixture
def town(database_url: str, inbox: Inbox) -> Iterator[Town]:
    migrate(database_url)
    with (
        Ledger(database_url, NAMES, pool_size=THREADS) as ledger,
        closing(LogReader(database_url, NAMES.ledger)) as history,
    ):
        made = Town(database_url, ledger, history, inbox)
        for terms in PLANS:
            offer_plan(made.shop, terms, day(0))
        offer_learning_path(made.shop, LearningPathTerms("7", "Rust", usd(2500)), day(0))
        offer_group(made.shop, GroupTerms("9", "Chess", "recurring", usd(500), "month"), day(0))
        offer_group(made.shop, GroupTerms("1", "Open", "free"), day(0))
        yield made
