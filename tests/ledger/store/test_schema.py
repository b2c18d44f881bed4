"""One step makes the database ready: again and again, all at once, and without being almighty."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from ledger.store.errors import DatabaseNotPrepared
from ledger.store.names import InvalidName, Names
from ledger.store.schema import applied, migrate
from ledger.store.steps import STEPS
from tests.support.databases import fresh_database

MIGRATIONS = 64


def steps_of(url: str, names: Names) -> frozenset[str]:
    with psycopg.connect(url) as connection:
        return applied(connection, names)


def test_migrating_again_changes_nothing(empty_url: str) -> None:
    migrate(empty_url)
    migrate(empty_url)

    assert steps_of(empty_url, Names()) == {step.name for step in STEPS}


def test_many_can_migrate_at_once(empty_url: str, own_names: Names) -> None:
    with ThreadPoolExecutor(MIGRATIONS) as pool:
        list(pool.map(lambda _: migrate(empty_url, own_names), range(MIGRATIONS)))

    assert steps_of(empty_url, own_names) == {step.name for step in STEPS}


def test_databases_of_one_server_can_be_migrated_at_once(
    server_url: str, empty_url: str, own_names: Names
) -> None:
    with fresh_database(server_url, "other") as other:
        urls = [empty_url, other] * 8
        with ThreadPoolExecutor(len(urls)) as pool:
            list(pool.map(lambda url: migrate(url, own_names), urls))
        steps = [steps_of(url, own_names) for url in urls[:2]]

    assert steps[0] == steps[1] == {step.name for step in STEPS}


def test_an_administrator_is_told_what_our_user_may_not_do(
    empty_url: str, app_url: str, own_names: Names
) -> None:
    with pytest.raises(DatabaseNotPrepared) as error:
        migrate(app_url, own_names)

    with psycopg.connect(empty_url, autocommit=True) as admin:
        for statement in error.value.statements:
            admin.execute(statement.encode())
    migrate(app_url, own_names)

    assert steps_of(app_url, own_names) == {step.name for step in STEPS}


def test_a_user_who_may_create_roles_and_schemas_needs_no_administrator(
    empty_url: str, app_url: str, own_names: Names
) -> None:
    user = Identifier(str(conninfo_to_dict(app_url)["user"]))
    with psycopg.connect(empty_url, autocommit=True) as admin:
        database = Identifier(admin.info.dbname)
        admin.execute(SQL("ALTER ROLE {} CREATEROLE").format(user))
        admin.execute(SQL("GRANT CREATE ON DATABASE {} TO {}").format(database, user))

    migrate(app_url, own_names)

    assert steps_of(app_url, own_names) == {step.name for step in STEPS}


def test_a_schema_that_was_there_before_is_shared_not_taken(
    empty_url: str, app_url: str, own_names: Names
) -> None:
    with psycopg.connect(empty_url, autocommit=True) as admin:
        admin.execute("CREATE SCHEMA finance CREATE TABLE theirs (n int)")

    migrate(empty_url, own_names)

    with psycopg.connect(empty_url, autocommit=True) as admin:
        owner = "SELECT nspowner::regrole = current_user::regrole FROM pg_namespace"
        assert admin.execute(owner + " WHERE nspname = 'finance'").fetchone() == (True,)


@pytest.mark.parametrize("name", ["", "x" * 51, "50%", 'quo"ted', "1st"])
def test_a_name_postgres_would_cut_or_read_otherwise_is_refused(name: str) -> None:
    with pytest.raises(InvalidName):
        Names(inbox=name)


def test_reactions_are_named_after_the_ledger_whose_they_are() -> None:
    assert Names().reactions == "billing_reactions"
    assert Names(ledger="theirs").reactions == "theirs_reactions"
    assert Names(ledger="theirs", reactions="others").reactions == "others"
    assert len(Names(ledger="x" * 50).reactions) == 50
