"""Old history is told to nobody, however a ledger comes to have reactions; what is new is, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from ledger.application import Ledger
from tests.ledger.reactions.given import DECISIONS, NAMES, Clock, Noted, ann, sold, workshop
from tests.replay.test_no_effects import Installation
from tests.support.databases import fresh_database, name_of
from tests.support.endpoint import endpoint


def keep(url: str, *numbers: int, at: datetime | None = None) -> None:
    """Payments of Ann's."""
    with Ledger(url, NAMES, pool_size=1) as ledger:
        for number in numbers:
            ledger.append(sold(number, at or datetime.now(UTC)))


def kept(installed: Installation) -> list[str]:
    """The Message-IDs of all mails there are."""
    files = sorted(installed.folder.glob("*.eml"))
    return [message_from_bytes(each.read_bytes())["Message-ID"] for each in files]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "mail"


@pytest.fixture
def known(database_url: str) -> str:
    """A ledger that knows Ann and a payment of hers, from before there were reactions."""
    with Ledger(database_url, NAMES, pool_size=1) as ledger:
        ledger.append(ann(at=datetime.now(UTC)))
    keep(database_url, 1)
    return database_url


def test_after_an_upgrade_from_a_release_without_reactions_only_what_is_new_is_told(
    known: str, folder: Path
) -> None:
    with psycopg.connect(known, autocommit=True) as database:
        database.execute(SQL("DROP SCHEMA {} CASCADE").format(Identifier(NAMES.reactions)))
        steps = SQL("DELETE FROM {}.migrations WHERE name LIKE '%reaction%'")
        assert database.execute(steps.format(Identifier(NAMES.ledger))).rowcount
    installed = Installation(known, folder)

    installed.billing("migrate")
    installed.billing("work", "--until-idle")
    assert kept(installed) == []
    keep(known, 2)
    installed.billing("work", "--until-idle")

    assert len(kept(installed)) == 1


def test_mail_that_is_switched_on_months_after_calls_tells_nothing_of_before(
    known: str, folder: Path
) -> None:
    with endpoint() as called:
        installed = Installation(known, folder, called.url)
        installed.settings["BILLING_MAIL_DIR"] = ""
        installed.billing("work", "--until-idle")
        keep(known, 2)
        installed.billing("work", "--until-idle")

        installed.settings["BILLING_MAIL_DIR"] = str(folder)
        installed.billing("work", "--until-idle")
        assert kept(installed) == []
        keep(known, 3)
        installed.billing("work", "--until-idle")

    assert len(kept(installed)) == 1


def test_what_happened_while_reactions_were_switched_off_is_told_if_it_is_a_week_old_at_most(
    known: str, folder: Path
) -> None:
    installed = Installation(known, folder)
    installed.billing("work", "--until-idle")
    off = {"BILLING_MAIL_DIR": "", "BILLING_OUTGOING_WEBHOOKS": ""}
    on = {name: installed.settings[name] for name in off}
    installed.settings |= off
    keep(known, 2, at=datetime.now(UTC) - timedelta(days=8))
    keep(known, 3, at=datetime.now(UTC) - timedelta(days=6))
    installed.billing("work", "--until-idle")

    installed.settings |= on
    installed.billing("work", "--until-idle")

    assert len(kept(installed)) == 1
    told = installed.billing("reactions", "list", "--status", "done")
    assert told.count("it is too long ago to be told") == 1


def test_a_kind_of_reaction_that_a_later_release_adds_begins_where_the_reactor_is(
    database_url: str,
) -> None:
    effect = Noted()
    with workshop(database_url, Clock(), effect, {}) as before:
        before.react()
        before.append(*sold(1))
        before.react()

    with workshop(database_url, Clock(), effect, DECISIONS) as after:
        after.react()
        after.append(*sold(2))
        after.react()

    assert [each.id[-4:] for each in effect.tasks] == ["pi_2"]


def test_what_a_backup_does_not_know_it_told_is_told_again_under_the_same_message_id(
    known: str, server_url: str, folder: Path
) -> None:
    installed = Installation(known, folder)
    installed.billing("work", "--until-idle")
    with restored(known, server_url) as backup:
        keep(known, 2)
        installed.billing("work", "--until-idle")
        told = kept(installed)

        again = Installation(backup, folder.parent / "again")
        again.billing("work", "--until-idle")
        assert kept(again) == [], "what it knows it told"
        keep(backup, 2)
        again.billing("work", "--until-idle")

        assert kept(again) == told
        assert len(told) == 1


@contextmanager
def restored(url: str, server_url: str) -> Iterator[str]:
    """A backup of a database as it is now, restored beside it."""
    with fresh_database(server_url, "backup", name_of(url)) as backup:
        yield backup
