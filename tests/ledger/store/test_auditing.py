"""An auditor's role reads all there is and all that will be made, and writes nothing."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.sql import SQL, Identifier

from ledger.store import schema
from ledger.store.connection import conninfo
from ledger.store.errors import DatabaseNotPrepared, NotPermitted
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder
from ledger.store.roles import as_auditor
from ledger.store.steps import STEPS
from tests.ledger.store.examples import stored_event

Connection = psycopg.Connection[tuple[object, ...]]
As = Callable[[str, str], Connection]
NAMES = Names()
STORES = ("billing_inbox", "billing_ledger", "billing_reactions")


@pytest.fixture
def speaking_as() -> Iterator[As]:
    """Opens connections to a database that speak as a role."""
    opened: list[Connection] = []

    def connect(url: str, role: str) -> Connection:
        opened.append(psycopg.connect(conninfo(url, {"role": role}), autocommit=True))
        return opened[-1]

    yield connect
    for connection in opened:
        connection.close()


@pytest.fixture
def auditor(database_url: str, speaking_as: As) -> Connection:
    return speaking_as(database_url, NAMES.auditor)


def made(number: int) -> list[Identifier]:
    """A table of a generation, and the view finance has of it."""
    schemas = (NAMES.projections, NAMES.finance)
    return [Identifier(each, f"balances_{number}") for each in schemas]


def make_tables(connection: Connection, number: int) -> None:
    table, view = made(number)
    connection.execute(SQL("CREATE TABLE {} AS SELECT 4900 AS paid_minor").format(table))
    connection.execute(SQL("CREATE VIEW {} AS SELECT * FROM {}").format(view, table))


def assert_reads(auditor: Connection, number: int) -> None:
    """All stores, and what `make_tables` made."""
    for each in made(number):
        assert auditor.execute(SQL("SELECT * FROM {}").format(each)).fetchall() == [(4900,)]
    for store in STORES:
        both = Identifier(store, "events"), Identifier(store, "positions")
        auditor.execute(SQL("SELECT * FROM {}, {}").format(*both))
    auditor.execute("SELECT * FROM billing_ledger.seals, billing_ledger.migrations")


@pytest.mark.parametrize("maker", [NAMES.owner, NAMES.writer])
def test_an_auditor_reads_all_logs_and_whatever_tables_are_made(
    recorder: GroupCommitRecorder,
    database_url: str,
    speaking_as: As,
    auditor: Connection,
    maker: str,
) -> None:
    recorder.insert_events([stored_event("a")])
    make_tables(speaking_as(database_url, maker), 1)

    assert_reads(auditor, 1)
    assert auditor.execute("SELECT count(*) FROM billing_ledger.events").fetchone() == (1,)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT {}.append('{{a}}', '{{1}}', '{{t}}', '{{x}}')",
        "SELECT {}.append_others('{{1}}', '{{a}}', '{{1}}', '{{t}}', '{{x}}')",
        "SELECT {}.append_fenced('books', 0, 9, '{{a}}', '{{1}}', '{{t}}', '{{x}}')",
        "INSERT INTO {}.events VALUES ('a', 2, 't', '')",
        "UPDATE {}.events SET state = ''",
        "DELETE FROM {}.events",
        "TRUNCATE {}.events",
        "SELECT FROM {}.events FOR UPDATE",
        "SELECT nextval('{}.events_notification_id_seq')",
        "INSERT INTO {}.positions VALUES ('books', 9)",
        "DELETE FROM {}.positions",
        "CREATE TABLE {}.theirs ()",
        "DROP TABLE {}.events",
    ],
)
def test_an_auditor_writes_no_log(auditor: Connection, statement: str) -> None:
    for store in STORES:
        with pytest.raises(InsufficientPrivilege):
            auditor.execute(statement.format(store).encode())


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT billing_ledger.add_seal('ledger', 1, '{}', '')",
        "INSERT INTO billing_ledger.seals VALUES ('ledger', 1, '{}', '')",
        "DELETE FROM billing_ledger.seals",
        "INSERT INTO billing_ledger.migrations (name) VALUES ('made up')",
        "INSERT INTO billing_projections.balances_1 VALUES (1)",
        "UPDATE billing_projections.balances_1 SET paid_minor = 0",
        "TRUNCATE billing_projections.balances_1",
        "DROP TABLE billing_projections.balances_1",
        "CREATE TABLE billing_projections.theirs ()",
        "UPDATE finance.balances_1 SET paid_minor = 0",
        "DROP VIEW finance.balances_1",
        "CREATE VIEW finance.theirs AS SELECT 1",
        "SET ROLE billing_writer",
        "SET ROLE billing_owner",
        "SET ROLE billing_finance",
    ],
)
def test_an_auditor_writes_no_seal_and_no_table(
    database_url: str, speaking_as: As, auditor_url: str, statement: str
) -> None:
    make_tables(speaking_as(database_url, NAMES.writer), 1)

    with psycopg.connect(auditor_url) as ada, pytest.raises(InsufficientPrivilege):
        ada.execute(statement.encode())


def test_a_database_of_before_lets_auditors_read_what_was_made_then(
    empty_url: str, own_names: Names, speaking_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tuple(step for step in STEPS if step.name < "0006")
    with monkeypatch.context() as then:
        then.setattr(schema, "STEPS", before)
        schema.migrate(empty_url, own_names)
    with psycopg.connect(empty_url, autocommit=True) as admin:
        admin.execute(SQL("DROP ROLE {}").format(Identifier(own_names.auditor)))
        admin.execute("CREATE TABLE finance.theirs ()")
    makers = [speaking_as(empty_url, each) for each in (own_names.owner, own_names.writer)]
    for number, maker in enumerate(makers):
        make_tables(maker, number)

    schema.migrate(empty_url, own_names)
    schema.migrate(empty_url, own_names)

    auditor = speaking_as(empty_url, own_names.auditor)
    for number, maker in enumerate(makers, len(makers)):
        make_tables(maker, number)
    for number in range(4):
        assert_reads(auditor, number)
    with pytest.raises(InsufficientPrivilege):
        auditor.execute("SELECT * FROM finance.theirs")


def test_the_processes_need_not_be_auditors_themselves(
    empty_url: str, app_url: str, own_names: Names
) -> None:
    schema.migrate(empty_url, own_names)
    others = (own_names.owner, own_names.writer, own_names.reader)
    user = own_names.owner.replace("owner", "app")
    with psycopg.connect(empty_url, autocommit=True) as admin:
        for role in others:
            admin.execute(SQL("GRANT {} TO {}").format(Identifier(role), Identifier(user)))

    schema.migrate(app_url, own_names)

    assert as_auditor(app_url, own_names) == app_url


def test_an_administrator_who_has_made_the_other_roles_is_asked_for_this_one_only(
    empty_url: str, app_url: str, own_names: Names
) -> None:
    user = Identifier(own_names.owner.replace("owner", "app"))
    auditor = Identifier(own_names.auditor)
    schema.migrate(empty_url, own_names)
    with psycopg.connect(empty_url, autocommit=True) as admin:
        for role in (own_names.owner, own_names.writer, own_names.reader):
            admin.execute(SQL("GRANT {} TO {}").format(Identifier(role), user))
        admin.execute(SQL("DROP OWNED BY {}").format(auditor))
        admin.execute(SQL("DROP ROLE {}").format(auditor))

    with pytest.raises(DatabaseNotPrepared) as error:
        schema.migrate(app_url, own_names)

    assert error.value.statements == (f'CREATE ROLE "{own_names.auditor}" NOLOGIN',)


def test_who_may_only_audit_speaks_as_an_auditor_whatever_is_asked_for(auditor_url: str) -> None:
    url = as_auditor(auditor_url, NAMES)

    with psycopg.connect(conninfo(url, {"role": NAMES.writer})) as connection:
        found = connection.execute("SELECT current_user, session_user").fetchone()

    assert found is not None
    assert found[0] == NAMES.auditor
    assert found[1] != NAMES.auditor


def test_an_auditor_who_migrates_is_refused_and_no_other_role_is_recommended(
    auditor_url: str,
) -> None:
    with pytest.raises(NotPermitted, match=r"billing_auditor only reads.* of billing_owner"):
        schema.migrate(as_auditor(auditor_url, NAMES), NAMES)
