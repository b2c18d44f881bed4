"""`billing run` without keys for Stripe: everything can be looked at and called, on a stand-in."""

from __future__ import annotations

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path
from urllib.request import HTTPCookieProcessor, build_opener, urlopen

import pytest

from ledger.settings import child_environment
from tests.support.ports import free_port
from tests.system.patience import LONGEST_SECONDS
from tests.system.programs import BILLING
from web.sandbox.demo.processes import SANDBOX_KEY
from web.sandbox.demo.ways.calls import Application, Payer, until

LAST = "Ctrl-C"
RECEIPT = re.compile(r'href="([^"]+)">\s*<span class="subject">Receipt from')


@pytest.fixture
def said(database_url: str, tmp_path: Path) -> Iterator[str]:
    """What it says once it is ready; it is stopped afterwards and has to end well."""
    command = [BILLING, "run", "--port", str(free_port())]
    own = {"DATABASE_URL": database_url, "BILLING_DATA_DIR": str(tmp_path / "postgres")}
    environment = child_environment(own)
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as program:
        try:
            yield "".join(_until_last(program))
        finally:
            program.send_signal(signal.SIGTERM)
        assert program.wait(LONGEST_SECONDS) == 0


def _until_last(program: subprocess.Popen[str]) -> Iterator[str]:
    assert program.stdout is not None
    for line in program.stdout:
        yield line
        if line.startswith(LAST):
            return


def test_it_sells_with_a_key_and_says_that_no_money_moves(said: str) -> None:
    assert "a stand-in: no money moves" in said
    application = Application(
        _told(said, r"webhooks +POST (http://[^/]+)"), _told(said, r"key +(\S+)")
    )
    payer = Payer(_told(said, r"Stripe +(\S+)"), SANDBOX_KEY)

    application.call("PUT customers/ada", {"email": "ada@example.com"})
    opened = application.call("POST customers/ada/learning-paths/lp_1/payment")
    assert not application.may_use("ada", "learning_path:lp_1")
    payer.pay(opened["client_secret"])

    until("the path is unlocked", lambda: application.may_use("ada", "learning_path:lp_1"))
    assert len(application.rows("catalog/credit-packages")) == 2


def test_who_pays_finds_the_receipt_among_the_mails(said: str, tmp_path: Path) -> None:
    payer = Payer(_told(said, r"Stripe +(\S+)"), SANDBOX_KEY)
    address = _told(said, r"webhooks +POST (http://[^/]+)")
    application = Application(address, _told(said, r"key +(\S+)"))
    mails = _told(said, r"mails +(\S+)")
    assert RECEIPT.search(_page(mails)) is None

    opened = application.call("POST customers/ada/learning-paths/lp_1/payment")
    payer.pay(opened["client_secret"])

    until("the receipt is there", lambda: RECEIPT.search(_page(mails)) is not None)
    mail = _page(f"{mails}/{_told(_page(mails), RECEIPT.pattern)}")
    assert "<dt>To</dt><dd>ada@example.com</dd>" in mail
    assert "For: Event sourcing" in mail
    assert "Amount: $49.00" in mail
    assert any((tmp_path / "run-mails").glob("*.eml"))
    assert f"{address}/account" in mail


def _page(address: str) -> str:
    with urlopen(address, timeout=LONGEST_SECONDS) as response:  # noqa: S310 - our own address
        return str(response.read().decode())


def test_its_link_leads_a_browser_to_the_account(said: str) -> None:
    link = _told(said, r"pages +(\S+)")
    opener = build_opener(HTTPCookieProcessor())

    with opener.open(link, timeout=LONGEST_SECONDS) as response:
        page = response.read().decode()

    assert response.url.endswith("/account")
    assert "Your account" in page
    assert "Sandbox" in page


def _told(said: str, pattern: str) -> str:
    found = re.search(pattern, said)
    assert found is not None, said
    return found[1]
