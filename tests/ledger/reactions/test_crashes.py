"""A reactor killed between any two steps: each effect is had, and a repeated one has its key."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from itertools import count

from click.testing import CliRunner

from ledger.aggregates.credit_wallet import Granted, Totals
from ledger.application import Ledger
from ledger.cli import main
from ledger.event import Event
from ledger.settings import child_environment
from ledger.store.log import LogReader
from tests.ledger.given import SCOPE
from tests.ledger.outgoing.given import PATIENT
from tests.ledger.reactions.given import NAMES, ann, sold, stamped
from tests.support.endpoint import endpoint
from tests.support.mail_server import MailServer, mail_server
from tests.system.patience import until

SECRET = "whsec_" + "c2VjcmV0" * 4
STEPS_OF_A_FAILED_TRY = 2 + 1 + 2  # intended; tried; noted
STEPS_OF_TWO_EFFECTS = 2 + 4 + 4  # intended; and for each, the effect and its note


def react(settings: Mapping[str, str], number: int = 0) -> int:
    """The status of a reactor that dies at that step, if it comes so far."""
    command = [sys.executable, "-m", "tests.ledger.reactions.dying", str(number)]
    return subprocess.run(command, check=False, env=child_environment(settings)).returncode


def happened(number: int) -> list[Event]:
    """A payment that is told in a mail, and credits that are told to an endpoint."""
    now = datetime.now(UTC)
    granted = Granted(grant_id="none", credits=0, totals=Totals(granted=number))
    return [*sold(number, now), *stamped(SCOPE.stream("wallet", f"w{number}"), now, granted)]


def test_killed_at_any_step_each_effect_is_had_under_one_key(database_url: str) -> None:
    with (
        mail_server() as mails,
        endpoint() as called,
        Ledger(database_url, NAMES, pool_size=1) as ledger,
    ):
        settings = {
            **mailing(database_url, mails),
            "BILLING_OUTGOING_WEBHOOKS": f"{called.url} {SECRET}",
        }
        ledger.append(ann(at=datetime.now(UTC)))
        assert react(settings) == 0, "it begins at the end"
        for number in count(1):
            ledger.append(happened(number))
            ended = react(settings, number)
            assert react(settings) == 0
            if ended == 0:
                break
            assert ended == -signal.SIGKILL

        letters = Counter(str(mail["Message-ID"]) for mail in mails.mails)
        calls = Counter(each.headers["webhook-id"] for each in called.received)

    assert number == STEPS_OF_TWO_EFFECTS + 1, "killed once at each step"
    assert (len(letters), len(calls)) == (number, number), "each effect under one key"
    assert sorted(letters.values())[-3:] == [1, 2, 2], "twice only when killed before its note"
    assert sorted(calls.values())[-3:] == [1, 2, 2]
    with closing(LogReader(database_url, NAMES.reactions)) as log:
        assert len(log.ending_in(["Reaction.Done"])) == 2 * number
        assert log.ending_in(["Reaction.Intended", "Reaction.Failed", "Reaction.Parked"]) == []


def test_killed_at_any_step_of_a_try_that_fails_the_mail_is_sent_once(database_url: str) -> None:
    with mail_server() as mails, Ledger(database_url, NAMES, pool_size=1) as ledger:
        settings = mailing(database_url, mails)
        ledger.append(ann(at=datetime.now(UTC)))
        assert react(settings) == 0, "it begins at the end"
        for number in count(1):
            mails.answers = ["451 later"]
            ledger.append(sold(number, datetime.now(UTC)))
            ended = react(settings, number)
            assert react(settings) == 0
            retry_all_that_wait(settings)
            assert react(settings) == 0
            assert mails.answers == []
            if ended == 0:
                break

    assert number == STEPS_OF_A_FAILED_TRY + 1
    letters = Counter(str(mail["Message-ID"]) for mail in mails.mails)
    assert set(letters.values()) == {1}
    assert len(letters) == number


def test_killed_before_it_has_begun_it_begins_when_it_comes_to_it(database_url: str) -> None:
    with mail_server() as mails, Ledger(database_url, NAMES, pool_size=1) as ledger:
        settings = mailing(database_url, mails)
        ledger.append(ann(at=datetime.now(UTC)))
        ledger.append(sold(1, datetime.now(UTC)))
        assert react(settings, 1) == -signal.SIGKILL
        ledger.append(sold(2, datetime.now(UTC)))
        assert react(settings, 2) == -signal.SIGKILL
        ledger.append(sold(3, datetime.now(UTC)))
        assert react(settings) == 0

    assert ["pi_3" in str(mail) for mail in mails.mails] == [True]


def retry_all_that_wait(settings: Mapping[str, str]) -> None:
    """As a person would who does not want to wait for the next try."""
    with closing(LogReader(settings["DATABASE_URL"], NAMES.reactions)) as log:
        waiting = log.ending_in(["Reaction.Failed"])
    for each in waiting:
        answer = CliRunner().invoke(main, ["reactions", "retry", each], env=settings)
        assert answer.exit_code == 0, answer.output


def mailing(url: str, mails: MailServer) -> dict[str, str]:
    """The settings of a reactor that writes through a server."""
    return {
        **PATIENT,
        "DATABASE_URL": url,
        "BILLING_SMTP_URL": f"smtp://127.0.0.1:{mails.port}?tls=none",
        "BILLING_MAIL_FROM": "billing@app.example",
    }


def test_the_worker_itself_killed_while_an_endpoint_keeps_it_waiting(database_url: str) -> None:
    with endpoint() as called, Ledger(database_url, NAMES, pool_size=1) as ledger:
        settings = {"BILLING_OUTGOING_WEBHOOKS": f"{called.url} {SECRET}", **PATIENT}
        assert react({**settings, "DATABASE_URL": database_url}) == 0, "it begins at the end"
        ledger.append(happened(1))
        called.holding.set()
        with working(database_url, settings):
            until(lambda: len(called.received) == 1, "the call to be taken")
        called.holding.clear()
        with working(database_url, settings):
            until(lambda: done(database_url) == 1, "the call to be noted")

    first, second = called.received
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert first.body == second.body


def test_the_worker_itself_killed_while_a_mail_server_keeps_it_waiting(database_url: str) -> None:
    with mail_server() as mails, Ledger(database_url, NAMES, pool_size=1) as ledger:
        settings = mailing(database_url, mails)
        ledger.append(ann(at=datetime.now(UTC)))
        assert react(settings) == 0, "it begins at the end"
        ledger.append(sold(1, datetime.now(UTC)))
        mails.holding.set()
        with working(database_url, settings):
            until(lambda: len(mails.mails) == 1, "the mail to be taken")
        mails.holding.clear()
        with working(database_url, settings):
            until(lambda: done(database_url) == 1, "the mail to be noted")

    first, second = mails.mails
    assert first["Message-ID"] == second["Message-ID"]


@contextmanager
def working(url: str, settings: Mapping[str, str]) -> Iterator[None]:
    """The reactor as the supervisor starts it; it is killed in the end."""
    code = f"from projections.supervisor import work; work('reactor', {url!r}, 30)"
    process = subprocess.Popen([sys.executable, "-c", code], env=child_environment(settings))
    try:
        yield
    finally:
        process.kill()
        process.wait()


def done(url: str) -> int:
    """How many reactions are over."""
    with closing(LogReader(url, NAMES.reactions)) as log:
        return len(log.ending_in(["Reaction.Done"]))
