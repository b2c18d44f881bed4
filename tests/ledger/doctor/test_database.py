"""What `billing doctor` finds in a database, and in one that is not as it should be."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from ledger.doctor.database import CHECKS, Place
from ledger.doctor.finding import Finding, examined
from ledger.store.names import Names

NAMES = Names()


@pytest.fixture
def place(database_url: str) -> Iterator[Place]:
    with psycopg.connect(database_url, autocommit=True) as connection:
        yield Place(connection, NAMES)


def found(place: Place) -> dict[str, Finding]:
    return {each.subject: each for each in examined(place, CHECKS)}


def levels(place: Place) -> set[str]:
    return {each.level for each in found(place).values()}


def test_a_migrated_database_has_nothing_wrong(place: Place) -> None:
    assert "wrong" not in levels(place) - {found(place)["durability"].level}
    assert found(place)["schemas"].level == "good"
    assert found(place)["append only"].level == "good"


def test_a_user_who_may_do_anything_is_odd(place: Place) -> None:
    place.connection.execute("SET ROLE billing_writer")
    assert found(place)["database user"].level == "good"
    place.connection.execute("RESET ROLE")
    superuser = place.value("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    assert found(place)["database user"].level == ("odd" if superuser else "good")


def test_lost_commits_are_wrong(place: Place) -> None:
    place.connection.execute("SET synchronous_commit = off")

    assert "synchronous_commit" in found(place)["durability"].said
    assert found(place)["durability"].level == "wrong"


@pytest.mark.parametrize("right", ["INSERT", "UPDATE", "DELETE", "TRUNCATE"])
@pytest.mark.parametrize("schema", [NAMES.inbox, NAMES.ledger])
def test_a_writer_who_could_edit_history_is_wrong(place: Place, schema: str, right: str) -> None:
    writer, events = Identifier(NAMES.writer), Identifier(schema, "events")
    grant = SQL("GRANT {} ON {} TO {}").format(SQL(right), events, writer)
    place.connection.execute(grant)

    seen = found(place)["append only"]

    assert (seen.level, seen.said.count(right)) == ("wrong", 1)
    assert f"{schema}.events" in seen.said


def test_a_database_without_the_stores_is_to_be_migrated(server_url: str) -> None:
    with psycopg.connect(server_url, autocommit=True) as connection:
        seen = found(Place(connection, NAMES))["schemas"]
    assert (seen.level, seen.remedy) == ("wrong", "run `billing migrate`")
