"""The settings of reactions: which there are to be, and how they are had."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import msgspec

from ledger.settings import mail
from ledger.settings.dunning import Dunning, dunning
from ledger.settings.mail import MailServer
from ledger.settings.outgoing import Endpoint, endpoints
from ledger.settings.values import WrongSetting, whole


class Reacting(msgspec.Struct, frozen=True):
    """What reactions there are to be, and how they are had.

    Mail goes to the `server`, or into the `folder`; `credits_low` is the balance below which a
    customer is told so, `notice_days` how long before a renewal or the end of a trial.
    """

    server: MailServer | None = None
    folder: Path | None = None
    sender: str = mail.DEFAULT_SENDER
    language: str = "en"
    notice_days: int = 3
    credits_low: int = 10
    endpoints: tuple[Endpoint, ...] = ()
    timeout_seconds: int = 10
    dunning: Dunning | None = None

    @property
    def mails(self) -> bool:
        """Whether anybody is written to."""
        return self.server is not None or self.folder is not None

    @property
    def reacts(self) -> bool:
        """Whether there is anything to be done at all."""
        return self.mails or bool(self.endpoints) or self.dunning is not None


def reacting(env: Mapping[str, str]) -> Reacting:
    """The settings of reactions. Raises SettingsError."""
    folder = env.get("BILLING_MAIL_DIR") or None
    server = mail.server(env)
    if server and folder:
        raise WrongSetting("BILLING_MAIL_DIR", "either this or BILLING_SMTP_URL")
    return Reacting(
        server=server,
        folder=Path(folder) if folder else None,
        sender=mail.sender(env, needed=server is not None),
        language=mail.language(env),
        notice_days=whole(env, "BILLING_MAIL_NOTICE_DAYS", 3, 0, 60),
        credits_low=whole(env, "BILLING_MAIL_CREDITS_LOW", 10, 0, 999_999_999),
        endpoints=endpoints(env),
        timeout_seconds=whole(env, "BILLING_EFFECT_TIMEOUT_SECONDS", 10, 1, 60),
        dunning=dunning(env),
    )
