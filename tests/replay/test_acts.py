"""History tells what was done in the world between what happened, and because of what."""

from __future__ import annotations

import json
from contextlib import closing
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL

from ledger.ids import parse_stream
from ledger.store.because import called_for
from ledger.store.connection import conninfo, session
from ledger.store.log import LogReader
from replay.past import Past
from tests.ledger.reactions.given import NAMES
from tests.replay.reacting import DONE, FAILED, PARKED, UNTRIED, source
from tests.replay.test_no_effects import Installation, installed

__all__ = ["installed", "source"]

PAYMENT = "purchase/stripe/test//pi_1"


def story(at: Installation, subject: str) -> Any:
    return json.loads(at.billing("history", subject, "--json"))


def test_a_customers_history_has_our_acts_between_the_events(source: Installation) -> None:
    told = story(source, "ann")["events"]

    ours = [each for each in told if each.get("log") == "reactions"]
    assert {each["stream"] for each in ours} == {DONE, FAILED, PARKED, UNTRIED}
    assert [each["recorded_at"] for each in told] == sorted(each["recorded_at"] for each in told)
    assert told.index(ours[0]) < len(told) - len(ours), "not at the end"
    text = source.billing("history", "ann")
    assert "a receipt for pi_1 was mailed\n" in text
    assert "a receipt for pi_2 could not be mailed, try 1: the mail server failed" in text
    assert "it is parked until a person decides" in text
    assert all(each["sentence"] in text for each in ours)


def test_each_act_names_the_event_it_is_because_of(source: Installation) -> None:
    told = story(source, DONE)["events"]

    assert [each["kind"] for each in told] == ["Reaction.Intended", "Reaction.Done"]
    assert {each["because"] for each in told} == {f"{PAYMENT}#2"}
    at = told[1]["because_position"]
    assert story(source, f"@{at}")["events"][0]["stream"] == PAYMENT
    lines = source.billing("history", DONE).splitlines()
    assert lines[3].endswith(f", by executor, because of {PAYMENT}#2 (@{at})")
    assert lines[1].endswith(f", because of {PAYMENT}#2 (@{at})")


def test_an_event_tells_the_reactions_it_called_for_and_no_others(source: Installation) -> None:
    at = story(source, DONE)["events"][0]["because_position"]

    called = story(source, f"@{at}")["reactions"]
    other = story(source, f"@{at - 1}")["reactions"]

    assert {each["stream"] for each in called} == {DONE}
    assert other == []
    assert "reactions it called for:" in source.billing("history", f"@{at}")


def test_an_objects_history_has_its_own_only(source: Installation) -> None:
    told = story(source, "pi_2")["events"]

    assert {each["stream"] for each in told if each.get("log")} == {FAILED}


def test_what_a_person_or_an_import_decided_is_told(source: Installation) -> None:
    source.billing("reactions", "retry", PARKED)
    source.billing("reactions", "dismiss", PARKED)

    text = source.billing("history", PARKED)

    assert "a person wants a receipt for pi_3 to be mailed after all" in text
    assert "a receipt for pi_3 is not to be mailed any more" in text
    assert ", by reactions dismiss, because of purchase/stripe/test//pi_3#2 (@" in text


def test_where_reactions_begin_is_told(source: Installation) -> None:
    assert "reactions begin after position" in source.billing("history", "beginning/reactor")


@pytest.mark.parametrize("subject", ["reaction/stripe/test//mail.receipt:pi_99", "reaction/x"])
def test_an_unknown_reaction_is_one_sentence(source: Installation, subject: str) -> None:
    assert source.billing("history", subject, status=1).startswith("Error: no reaction")


def test_a_database_without_reactions_tells_the_rest(source: Installation) -> None:
    with psycopg.connect(source.url) as connection:
        connection.execute("DROP SCHEMA billing_reactions CASCADE")

    told = story(source, "ann")["events"]

    assert told
    assert not any(each.get("log") for each in told)
    assert source.billing("history", DONE, status=1).startswith("Error: no reaction")


def test_a_customers_reactions_are_found_by_their_index(source: Installation) -> None:
    by_index = {"enable_seqscan": "off", "enable_bitmapscan": "off"}
    settings = {**session(NAMES.writer, 5.0), **by_index}
    with psycopg.connect(conninfo(source.url, settings)) as connection:
        query = SQL("EXPLAIN ") + called_for(NAMES.reactions)
        rows = connection.execute(query, [[f"{PAYMENT}#"], [f"{PAYMENT}$"]]).fetchall()
    plan = "\n".join(str(row[0]) for row in rows)

    assert "Index Scan using events_because_idx" in plan
    assert "Index Cond" in plan
    with Past(source.url, NAMES) as past:
        assert past.called_for([PAYMENT]) == [DONE]
        assert past.called_for(["purchase/stripe/test//pi"]) == []
        assert past.called_for([]) == []


def test_what_somebody_made_unreadable_is_in_nobodys_way(source: Installation) -> None:
    with psycopg.connect(source.url) as connection:
        connection.execute(
            "UPDATE billing_reactions.events SET state = '\\xff00fe22' WHERE originator_id = %s",
            [UNTRIED],
        )
    with closing(LogReader(source.url, NAMES.reactions)) as log:
        key = parse_stream(UNTRIED).key
        assert all(key not in each for each in log.called_for([("purchase/", "purchase0")]))
