"""Reactions at the stand-in's time, which is ahead of ours: worked off when a way asks for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from ledger.reactions.worker import ReactionWorker
from ledger.settings import Settings
from web.sandbox.demo.ways.calls import Payer
from web.sandbox.mails.folder import files, kinds

GRACE_DAYS = 5


class Reactor:
    """Mails go into `folder`; an unpaid plan ends GRACE_DAYS after the first try that failed.

    `environment` is that of the other processes, of which none may react.
    """

    def __init__(
        self, environment: Mapping[str, str], url: str, payer: Payer, folder: Path
    ) -> None:
        own = {
            "BILLING_MAIL_DIR": str(folder),
            "BILLING_APP_URL": "https://lead.example/account",
            "BILLING_DUNNING_DOWNGRADE": "starter",
            "BILLING_DUNNING": f"own:{GRACE_DAYS}",
        }
        self._settings = Settings.from_environment({**environment, **own})
        self._url = url
        self._payer = payer
        self.folder = folder

    def react(self) -> None:
        """All that is due now; the first time of all nothing is, since reactions begin there."""
        clock: Callable[[], datetime] = self._now
        with closing(ReactionWorker(self._settings, self._url, clock)) as worker:
            worker.run_until_idle()

    @property
    def mails(self) -> int:
        """How many there are in the folder."""
        return len(files(self.folder))

    @property
    def kinds(self) -> Counter[str]:
        """How many of each kind there are in the folder."""
        return kinds(self.folder)

    def _now(self) -> datetime:
        return datetime.fromtimestamp(self._payer.get("/sandbox")["now"], UTC)
