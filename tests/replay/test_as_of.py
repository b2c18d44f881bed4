"""As of any position: what a fresh ledger fed only that far has; of one key, the same rows."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

import pytest

from ledger.application import Inbox, Ledger
from ledger.assembly import bookkeeper
from ledger.event import Event
from ledger.events import decode
from ledger.settings import Settings
from projections.deliveries import DELIVERIES
from projections.engine import Folding, Rows
from projections.fingerprint import fingerprint
from projections.projection import Projection
from projections.registry import PROJECTIONS
from projections.schema import migrate
from replay.as_of import SHOWN, TABLES, shown_at
from replay.cut import Cut, effective_at, known_at, known_by, known_with, tables_at
from replay.memory import MemoryLedger
from replay.past import Past
from replay.torture import contrasts
from replay.whose import Whose
from tests.projections.ledger import NAMES, append, project, stored
from tests.replay.given import NOW, RULES, year
from tests.replay.living import START

EVERY = pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda each: each.name)
SECOND = timedelta(seconds=1)


def history(past: Past) -> list[tuple[int, Event]]:
    return [
        (position, decode(topic, state))
        for page in past.ledger.pages(0)
        for position, topic, state in page
    ]


def fed(past: Past, projection: Projection) -> list[tuple[int, Rows]]:
    """The rows of a ledger that is fed one event more each time."""
    folding = Folding([projection])
    found = []
    for page in past.ledger.pages(0):
        for record in page:
            folding.fold([record])
            found.append((record[0], dict(folding.rows[projection.name])))
    return found


@EVERY
def test_as_of_every_position_is_what_a_ledger_fed_only_that_far_has(
    past: Past, projection: Projection
) -> None:
    fresh = fed(past, projection)
    cuts = [Cut(START, position) for position, _ in fresh]

    assert len(cuts) > 400
    assert tables_at(past, projection, cuts) == [rows for _, rows in fresh]


def test_as_of_a_position_is_what_a_real_ledger_fed_only_that_far_has(
    past: Past, database_url: str
) -> None:
    events = history(past)
    half = len(events) // 2
    migrate(database_url)
    append(database_url, [event for _, event in events[:half]])
    project(database_url)

    cut = Cut(START, events[half - 1][0])
    found = {each.name: tables_at(past, each, [cut])[0] for each in PROJECTIONS}

    assert found == stored(database_url)
    assert fingerprint(found) == fingerprint(stored(database_url))


def test_as_of_a_delivery_within_a_batch_is_what_a_ledger_fed_up_to_it_has(
    database_url: str,
) -> None:
    migrate(database_url)
    with Inbox(database_url, NAMES, pool_size=1) as inbox:
        for each in year():
            inbox.receive(each)
    with closing(bookkeeper(Settings.from_environment({}), database_url)) as keeper:
        keeper.run_until_idle()
    fed = MemoryLedger(RULES)
    with Past(database_url, NAMES) as past:
        for number, each in enumerate(year()):
            [entry] = fed.keep([each], NOW)
            if entry.outcome == "applied" and number % 20 == 0:
                cut = known_with(past, each.originator_id, before=False)
                before = {name: fed.rows[name] for name in TABLES if name != DELIVERIES.name}
                found = {name: tables_at(past, TABLES[name], [cut])[0] for name in before}
                assert list(contrasts(before, found)) == [], each.envelope.event_id


@EVERY
def test_rows_by_a_key_are_those_of_the_whole_table(
    past: Past, whose: Whose, projection: Projection
) -> None:
    cuts = [Cut(START, past.ledger.head() * part // 5) for part in range(1, 6)]
    whole = shown_at(past, whose, projection, cuts, [])
    keys = {str(row[_id(projection)]) for row in whole[-1].values()}

    for word in sorted(keys)[:12]:
        asked = shown_at(past, whose, projection, cuts, [word])
        for part, rows in zip(whole, asked, strict=True):
            assert rows == {key: row for key, row in part.items() if row[_id(projection)] == word}


def test_rows_of_a_customer_are_found_by_their_id(past: Past, whose: Whose) -> None:
    cut = [Cut(START, past.ledger.head())]
    for projection in PROJECTIONS:
        if "customer_id" not in {each.name for each in projection.public}:
            continue
        (whole,) = shown_at(past, whose, projection, cut, [])
        for who in {row["customer_id"] for row in whole.values()} - {None}:
            (found,) = shown_at(past, whose, projection, cut, [who])
            assert found == {k: row for k, row in whole.items() if row["customer_id"] == who}


def test_a_moment_is_the_last_position_recorded_by_then(past: Past) -> None:
    events = history(past)
    for number in range(0, len(events), 50):
        position = past.position_at(events[number][1].recorded_at)
        after = [event for at, event in events if at > position]
        assert position >= events[number][0]
        assert not after or after[0].recorded_at > events[number][1].recorded_at

    assert past.position_at(START - 400 * 86400 * SECOND) == 0
    assert past.position_at(events[-1][1].recorded_at) == past.ledger.head()


def test_the_moment_of_a_position_leads_back_to_it(past: Past) -> None:
    position, event = history(past)[-1]

    assert known_by(past, position) == Cut(event.recorded_at, position)
    assert known_at(past, event.recorded_at).position == position


@EVERY
def test_effective_by_a_time_counts_what_took_effect_by_then(
    past: Past, projection: Projection
) -> None:
    moment = START + 200 * 86400 * SECOND
    folding = Folding([projection])
    for page in past.ledger.pages(0):
        folding.fold([each for each in page if decode(*each[1:]).effective_at <= moment])

    assert tables_at(past, projection, [effective_at(past, moment)]) == [
        folding.rows[projection.name]
    ]


def test_what_finance_sees_of_every_table_is_known_here() -> None:
    assert {each.shown for each in PROJECTIONS} <= set(SHOWN)


def test_a_store_nobody_wrote_to_has_no_rows(database_url: str) -> None:
    with Past(database_url, NAMES) as past, closing(Ledger(database_url, NAMES, pool_size=1)):
        assert past.position_at(START) == 0
        assert tables_at(past, DELIVERIES, [known_at(past, START)]) == [{}]


def _id(projection: Projection) -> str:
    return projection.public[0].name
