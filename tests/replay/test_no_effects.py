"""Whoever reads history again, however often, acts on nobody."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner

from ledger.aggregates.credit_wallet import Granted, Totals
from ledger.application import Ledger
from ledger.cli import main
from ledger.store.log import LogReader
from tests.ledger.given import SCOPE
from tests.ledger.reactions.given import NAMES, ann, sold, stamped
from tests.ledger.sealing.given import SECRET as SEAL_SECRET
from tests.support.databases import fresh_database
from tests.support.endpoint import Endpoint, endpoint

SECRET = "whsec_" + "c2VjcmV0" * 4

SAY_THAT_NO_DELIVERIES_ARE_KEPT = ("reobserve", "status")


class Installation:
    """A ledger that writes to a folder, and calls an endpoint; by default nobody listens there."""

    def __init__(self, url: str, folder: Path, endpoint: str = "http://127.0.0.1:9/") -> None:
        self.url = url
        self.folder = folder
        self.settings = {
            "DATABASE_URL": url,
            "BILLING_SEAL_KEY": SEAL_SECRET,
            "BILLING_MAIL_DIR": str(folder),
            "BILLING_OUTGOING_WEBHOOKS": f"{endpoint} {SECRET}",
        }

    def billing(self, *arguments: str, status: int = 0) -> str:
        found = CliRunner().invoke(main, arguments, env=self.settings)
        assert found.exit_code == status, found.output
        return found.output

    def append(self, *numbers: int) -> None:
        with Ledger(self.url, NAMES, pool_size=1) as ledger:
            for number in numbers:
                ledger.append(sold(number, datetime.now(UTC)))

    def credit(self) -> None:
        """A balance changes, which is told to the endpoint."""
        granted = Granted(grant_id="none", credits=0, totals=Totals(granted=1))
        with Ledger(self.url, NAMES, pool_size=1) as ledger:
            ledger.append(stamped(SCOPE.stream("wallet", "ann"), datetime.now(UTC), granted))

    @property
    def mails(self) -> int:
        return len(list(self.folder.glob("*.eml")))

    @property
    def noted(self) -> int:
        """How far the reactions' own log goes."""
        with closing(LogReader(self.url, NAMES.reactions)) as log:
            return log.head()


@pytest.fixture
def called() -> Iterator[Endpoint]:
    with endpoint() as server:
        yield server


@pytest.fixture
def installed(database_url: str, tmp_path: Path) -> Installation:
    """One that wrote one mail."""
    made = Installation(database_url, tmp_path / "mail")
    made.billing("migrate")
    with Ledger(database_url, NAMES, pool_size=1) as ledger:
        ledger.append(ann(at=datetime.now(UTC)))
    made.billing("work", "--until-idle")
    made.append(1)
    made.billing("work", "--until-idle")
    assert made.mails == 1
    return made


@pytest.fixture
def calling(installed: Installation, called: Endpoint) -> Installation:
    """One that wrote one mail, and called once."""
    installed.settings["BILLING_OUTGOING_WEBHOOKS"] = f"{called.url} {SECRET}"
    installed.credit()
    installed.billing("work", "--until-idle")
    assert (installed.mails, len(called.received)) == (1, 1)
    return installed


@pytest.fixture
def elsewhere(server_url: str, template: str) -> Iterator[str]:
    """Another empty ledger."""
    with fresh_database(server_url, "elsewhere", template) as url:
        yield url


@pytest.mark.parametrize(
    "command",
    [
        ("rebuild", "--yes"),
        ("fingerprint",),
        ("torture", "--orders", "2"),
        ("reobserve",),
        ("status",),
        ("as-of", "now", "paid_invoices"),
        ("as-of", "--effective", "now", "balances"),
        ("diff", "@1", "now", "paid_invoices"),
        ("history", "ann"),
        ("history", "@4"),
        ("explain", "balance", "ann"),
        ("ambiguous",),
        ("unmatched",),
        ("refused",),
        ("seal",),
        ("migrate",),
        ("work", "--until-idle"),
        ("reactions", "list"),
    ],
    ids=" ".join,
)
def test_reading_history_again_has_no_effect(
    calling: Installation, called: Endpoint, command: tuple[str, ...]
) -> None:
    noted = calling.noted

    calling.billing(*command, status=int(command[0] in SAY_THAT_NO_DELIVERIES_ARE_KEPT))
    calling.billing("work", "--until-idle")

    assert (calling.mails, len(called.received)) == (1, 1)
    assert calling.noted == noted


def test_what_is_imported_is_told_to_nobody_and_what_comes_after_is(
    installed: Installation, elsewhere: str, tmp_path: Path
) -> None:
    bundle, other = tmp_path / "bundle", Installation(elsewhere, tmp_path / "other")
    installed.billing("seal")
    installed.billing("export", str(bundle))
    other.billing("migrate")
    other.billing("work", "--until-idle")

    other.billing("import", str(bundle))
    other.billing("work", "--until-idle")
    assert other.mails == 0

    other.append(2)
    other.billing("work", "--until-idle")
    assert other.mails == 1


def test_a_mail_that_is_too_late_is_told_to_nobody(installed: Installation) -> None:
    with Ledger(installed.url, NAMES, pool_size=1) as ledger:
        ledger.append(sold(2, datetime(2025, 1, 1, tzinfo=UTC)))

    installed.billing("work", "--until-idle")

    assert installed.mails == 1
    listed = installed.billing("reactions", "list", "--status", "done")
    assert "it is too long ago to be told" in listed
