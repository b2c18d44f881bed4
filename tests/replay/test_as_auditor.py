"""Who is an auditor and nothing else asks whatever they like, and changes nothing."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click import Context
from click.testing import CliRunner, Result
from psycopg.sql import SQL, Identifier

from ledger.cli import Commands, main
from ledger.store.names import Names
from ledger.store.roles import as_auditor
from replay.reconcile.kinds import KINDS
from replay.reconcile.rows import Tables
from tests.conftest import auditor_of
from tests.ledger.reactions.test_cli import PI_1, react, refusing
from tests.ledger.sealing.given import SECRET
from tests.replay.conftest import lived_database
from tests.replay.living import Life, nobodys

NAMES = Names()

ASKING = [
    "history ann",
    "history @4",
    "history evt_nobody1",
    "history evt_nobody1 --body",
    f"history {PI_1}",
    "explain balance ann",
    "explain entitlement ann plan:pro --at 2026-07-01",
    "explain purchase pi_nobody1",
    "explain plan ann",
    "as-of @50 balances",
    "as-of 2026-06-30 balances --effective",
    "diff @50 @90 purchases",
    "reobserve",
    "verify",
    "verify --full --json",
    "prove evt_nobody1",
    "prove ledger:4",
    "refused",
    "retry --all --dry-run",
    "unmatched",
    "ambiguous",
    "fingerprint",
    "reactions list",
    "reactions list --status waiting",
    "torture --orders 2",
    "keys list",
    "import --check {bundle}",
]
"""What answers the same to everybody who may ask, at any time."""

WRITING = [
    "seal",
    "rebuild",
    "rebuild --yes",
    "rebuild --back",
    "migrate",
    "work --until-idle",
    "retry evt_nobody3",
    "retry --all",
    "claim pi_nobody2 bob",
    "keys issue shop --scope read",
    "keys rotate {key}",
    "keys revoke {key}",
    f"reactions retry {PI_1}",
    f"reactions dismiss {PI_1}",
    "reactions dismiss --all",
    "reactions begin --from end",
    "import {bundle}",
    "backfill",
    "serve",
]

REFUSED = re.compile(
    "Error: (permission denied for function [a-z_]+: this takes a member of billing_writer"
    "|billing_auditor only reads: this takes a member of billing_owner)"
)


class Audited:
    """One ledger, asked by the user who owns it, or by its auditor."""

    def __init__(self, url: str, auditor_url: str, folder: Path) -> None:
        self.url, self.auditor_url = url, auditor_url
        self.bundle = folder / "bundle"
        self.key = ""

    def owner(self, command: str) -> Result:
        return self._run(self.url, command)

    def auditor(self, command: str) -> Result:
        return self._run(self.auditor_url, command)

    def rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """All there is in the tables of all our schemas."""
        with psycopg.connect(self.url) as connection:
            tables = connection.execute(
                "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY (%s)",
                [list(NAMES.schemas)],
            ).fetchall()
            return {
                ".".join(place): sorted(
                    connection.execute(SQL("SELECT t::text FROM {} t").format(Identifier(*place)))
                )
                for place in tables
            }

    def _run(self, url: str, command: str) -> Result:
        settings = {
            "DATABASE_URL": url,
            "BILLING_SEAL_KEY": SECRET,
            "STRIPE_WEBHOOK_SECRET": "whsec_made_up",
            "STRIPE_SECRET_KEY": "sk_test_made_up" if command == "backfill" else None,
        }
        words = shlex.split(command.format(bundle=self.bundle, key=self.key))
        return CliRunner(env=settings).invoke(main, words)


@pytest.fixture(scope="module")
def audited(
    server_url: str, template: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Audited]:
    """A sealed year with a key, a mail nobody could be sent, refusals, and news since the seal."""
    folder = tmp_path_factory.mktemp("audited")
    with lived_database(server_url, template) as url, auditor_of(url) as auditor_url:
        made = Audited(url, auditor_url, folder)
        made.key = made.owner("keys issue shop --scope read").stdout.split("_")[1]
        react(url, refusing(1), 1)
        for command in ("work --until-idle", "seal", f"export {made.bundle}"):
            assert made.owner(command).exit_code == 0, command
        life = Life(url)
        life.receive(nobodys(4))
        life.close()
        yield made


@pytest.mark.parametrize("command", ASKING)
def test_an_auditor_is_answered_like_the_owner(audited: Audited, command: str) -> None:
    ours, theirs = audited.owner(command), audited.auditor(command)

    assert (theirs.output, theirs.exit_code) == (ours.output, ours.exit_code)
    assert theirs.stdout
    assert "Error: " not in theirs.stderr


@pytest.mark.parametrize("command", ["status --json", "doctor", "as-of now purchases"])
def test_an_auditor_is_told_how_it_stands_now(audited: Audited, command: str) -> None:
    theirs = audited.auditor(command)

    assert theirs.exit_code == audited.owner(command).exit_code
    assert theirs.stdout
    assert theirs.stderr == ""


@pytest.mark.parametrize("whose", ["", "--customer ann"])
def test_an_auditor_takes_a_bundle_home(audited: Audited, tmp_path: Path, whose: str) -> None:
    folder = tmp_path / "bundle"

    assert audited.auditor(f"export {folder} {whose}").exit_code == 0
    checked = audited.auditor(f"import --check {folder}")

    assert checked.exit_code == 0, checked.output
    assert "the bundle fits its seals" in checked.stdout


def test_an_auditor_compares_the_tables_with_stripe(audited: Audited) -> None:
    tables = Tables(as_auditor(audited.auditor_url, NAMES), NAMES, "")

    assert tables.other_accounts() == []
    assert all(isinstance(tables.all(kind), dict) for kind in KINDS.values())
    assert tables.all(KINDS["payments"])
    tables.close()


@pytest.mark.parametrize("command", WRITING)
def test_an_auditor_who_would_write_is_told_which_right_that_takes(
    audited: Audited, command: str
) -> None:
    before = audited.rows()

    refused = audited.auditor(command)

    assert refused.exit_code == 1, refused.output
    *_, said = refused.stderr.splitlines()
    assert REFUSED.fullmatch(said)
    assert audited.rows() == before


def test_every_command_there_is_was_thought_of() -> None:
    """Whether it reads or writes is to be said of a new one too."""
    elsewhere = {"simulate", "sandbox", "demo", "run", "export", "reconcile", "status", "doctor"}
    thought_of = {command.split()[0] for command in (*ASKING, *WRITING)}
    assert thought_of | elsewhere == set(Commands().list_commands(Context(main)))
