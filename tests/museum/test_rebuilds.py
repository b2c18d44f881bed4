"""Tables that are made anew: nobody is shut out meanwhile, and a worker that is gone is missed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest
from psycopg.sql import SQL, Identifier

from ledger.aggregates.credit_wallet import Spent, Totals
from ledger.event import Event
from ledger.settings import Settings
from projections.generations import Generation
from projections.projector import Projector
from projections.rebuild import Rebuild
from projections.schema import connect, migrate
from projections.status import status
from tests.projections.given import given
from tests.projections.ledger import NAMES, append, finance, project

SPENT = Spent(key="k", credits=1, totals=Totals(99, 1))
MANY = [each for n in range(20) for each in given(f"wallet/stripe/live//user_{n}", SPENT)]
COUNT = "SELECT count(*) FROM finance.balances"


@pytest.fixture
def lived(database_url: str) -> str:
    """Tables with some rows."""
    migrate(database_url)
    append(database_url, MANY)
    project(database_url)
    return database_url


def rows_seen_after(url: str, *steps: Callable[[], object]) -> list[int]:
    """What finance counts after each step."""
    seen = []
    with finance(url) as reader:
        for step in steps:
            step()
            seen.append(reader.execute(COUNT).fetchall()[0][0])
    return seen


def emptied(url: str) -> None:
    """What a replay in place begins with."""
    with connect(url, NAMES) as owner:
        table = Identifier(NAMES.projections, "balances_2")
        owner.execute(SQL("DELETE FROM {}").format(table))


def test_tables_are_all_there_at_every_step_of_a_rebuild(lived: str) -> None:
    """spatie/laravel-event-sourcing#139 "Scalability issue of a projector once an exception occurs"
    (12 hours without a table); pyeventsourcing/eventsourcing#140 "Projections rebuild".

    Guard: history is folded beside what readers see, and shown once it is whole. Emptied first and
    filled again, as replays elsewhere do, the table is gone for as long as that takes.
    """
    fresh: list[Generation] = []
    with Rebuild(lived, NAMES) as run:
        steps = (
            run.fold,
            run.compare,
            lambda: fresh.append(run.write()),
            lambda: run.switch(fresh[0]),
        )
        assert rows_seen_after(lived, *steps) == [len(MANY)] * 4

    assert rows_seen_after(lived, lambda: emptied(lived)) == [0], "a replay in place"


def test_no_event_is_passed_over_while_tables_are_made_anew(lived: str) -> None:
    """JasperFx/marten#3503 and #5108 (events in a gap are never projected).

    Guard: what comes between the folding and the switch is caught up with before it is shown.
    """
    late: list[Event] = given("wallet/stripe/live//late", SPENT)
    with Rebuild(lived, NAMES) as run:
        run.fold()
        append(lived, late)
        run.switch(run.write())
    project(lived)

    with finance(lived) as reader:
        assert reader.execute(COUNT).fetchall() == [(len(MANY) + 1,)]


def test_a_projector_that_is_gone_is_told_at_once(lived: str) -> None:
    """JasperFx/marten#4961, KurrentDB#899 and #803: a projection stops, and nothing says so.

    Guard: status is asked of the positions and of who leads, not of the worker itself.
    """
    settings = Settings.from_environment({"DATABASE_URL": lived})
    assert status(settings, lived).healthy

    append(lived, given("wallet/stripe/live//late", SPENT))
    found = status(settings, lived)

    assert not found.healthy
    assert found.projector.stopped
    with closing(Projector(lived, NAMES)) as projector:
        projector.run_until_idle()
    assert status(settings, lived).healthy
