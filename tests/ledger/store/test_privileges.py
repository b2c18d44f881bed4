"""History cannot be edited with the rights the application has, nor read with those of finance."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from ledger.store.connection import conninfo
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import stored_event

As = Callable[[str], "psycopg.Connection[tuple[object, ...]]"]
NAMES = Names()


@pytest.fixture
def speaking_as(database_url: str) -> Iterator[As]:
    """Opens connections that speak as a role: `speaking_as("billing_writer")`."""
    opened: list[psycopg.Connection[tuple[object, ...]]] = []

    def connect(role: str) -> psycopg.Connection[tuple[object, ...]]:
        opened.append(psycopg.connect(conninfo(database_url, {"role": role}), autocommit=True))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.mark.parametrize(
    "edit",
    [
        "INSERT INTO billing_ledger.events VALUES ('a', 2, 't', '')",
        "UPDATE billing_ledger.events SET state = ''",
        "DELETE FROM billing_ledger.events",
        "TRUNCATE billing_ledger.events",
        "INSERT INTO billing_ledger.positions VALUES ('books', 9)",
        "UPDATE billing_ledger.positions SET position = 9",
        "DELETE FROM billing_ledger.positions",
        "SELECT nextval('billing_ledger.events_notification_id_seq')",
        "DROP TABLE billing_ledger.events",
        "CREATE TABLE billing_ledger.more ()",
        "INSERT INTO billing_ledger.migrations (name) VALUES ('made up')",
        "INSERT INTO billing_ledger.seals VALUES ('ledger', 1, '{}', '')",
        "UPDATE billing_ledger.seals SET seal = '{}'",
        "DELETE FROM billing_ledger.seals",
        "INSERT INTO billing_reactions.events VALUES ('a', 1, 't', '')",
        "UPDATE billing_reactions.positions SET position = 0",
    ],
)
def test_the_writer_can_only_append(
    recorder: GroupCommitRecorder, speaking_as: As, edit: str
) -> None:
    recorder.insert_events([stored_event("a")])
    writer = speaking_as(NAMES.writer)

    with pytest.raises(InsufficientPrivilege):
        writer.execute(edit.encode())

    assert writer.execute("SELECT count(*) FROM billing_ledger.events").fetchone() == (1,)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM billing_inbox.events",
        "SELECT * FROM billing_ledger.events",
        "SELECT * FROM billing_ledger.positions",
        "SELECT * FROM billing_ledger.seals",
        "SELECT * FROM billing_reactions.events",
        "SELECT billing_ledger.add_seal('ledger', 1, '{}', '')",
        "SELECT * FROM billing_ledger.stored('{a}', '{1}')",
        "SELECT billing_ledger.append('{a}', '{1}', '{t}', '{x}')",
        "CREATE TABLE finance.theirs ()",
        "CREATE TABLE billing_projections.theirs ()",
    ],
)
def test_finance_cannot_see_or_write_events(speaking_as: As, query: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        speaking_as(NAMES.reader).execute(query.encode())


@pytest.mark.parametrize("maker", [NAMES.owner, NAMES.writer])
def test_finance_reads_whatever_is_put_into_its_schema(speaking_as: As, maker: str) -> None:
    made = speaking_as(maker)
    made.execute("CREATE TABLE billing_projections.balances_1 AS SELECT 4900 AS paid_minor")
    made.execute("CREATE VIEW finance.balances AS SELECT * FROM billing_projections.balances_1")

    reader = speaking_as(NAMES.reader)

    assert reader.execute("SELECT paid_minor FROM finance.balances").fetchone() == (4900,)
    with pytest.raises(InsufficientPrivilege):
        reader.execute("SELECT * FROM billing_projections.balances_1")


def test_the_writer_fills_projections_the_owner_made(speaking_as: As) -> None:
    speaking_as(NAMES.owner).execute("CREATE TABLE billing_projections.balances_1 (n int)")

    speaking_as(NAMES.writer).execute("INSERT INTO billing_projections.balances_1 VALUES (1)")


def test_another_user_cannot_call_the_append_functions(database_url: str) -> None:
    with psycopg.connect(database_url, autocommit=True) as connection:
        allowed = connection.execute(
            "SELECT has_function_privilege('public', oid, 'EXECUTE') FROM pg_proc"
            " WHERE pronamespace IN ('billing_inbox'::regnamespace, 'billing_ledger'::regnamespace)"
        ).fetchall()

    assert allowed == [(False,)] * 9
