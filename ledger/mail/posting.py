"""How a mail leaves: through an SMTP server, or into a folder where there is none."""

from __future__ import annotations

import os
import smtplib
import ssl
from contextlib import closing, suppress
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from ledger.reactions.effects import EffectFailed
from ledger.settings.mail import MailServer
from ledger.settings.reacting import Reacting

ACCEPTED_WITHIN_SECONDS = 60


def post(mail: EmailMessage, by: Reacting) -> None:
    """Hands a mail over for good. Raises EffectFailed, whose sentence names no address."""
    if by.folder is not None:
        keep(mail, by.folder)
    elif by.server is not None:
        hand_over(mail, by.server, by.timeout_seconds)
    else:
        raise EffectFailed("there is no mail server any more: BILLING_SMTP_URL is not set")


def keep(mail: EmailMessage, folder: Path) -> None:
    """Writes a mail into a file of its own, whole or not at all; a repeated one over the first."""
    name = str(mail["Message-ID"]).strip("<>").partition("@")[0]
    unfinished = folder / f".{name}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(mail.as_bytes())
        os.replace(unfinished, folder / f"{name}.eml")
    except OSError as problem:
        raise EffectFailed(f"the mail folder takes nothing: {type(problem).__name__}") from problem


def hand_over(mail: EmailMessage, server: MailServer, timeout_seconds: float) -> None:
    """Sends a mail through an SMTP server; it has it once it says so, however it takes its leave.

    What it refuses for good is this mail or its recipient; all else may be put right.
    """
    try:
        with closing(_connected(server, timeout_seconds)) as connection:
            _refuse_unless_taken(mail, connection)
            connection.send_message(mail)
            _take_leave(connection)
    except smtplib.SMTPRecipientsRefused as refused:
        code = next(iter(refused.recipients.values()))[0]
        raise EffectFailed(f"the recipient was refused: SMTP {code}", passing=code < 500) from None
    except smtplib.SMTPDataError as problem:
        passing = problem.smtp_code < 500
        raise EffectFailed(f"it was refused: SMTP {problem.smtp_code}", passing=passing) from None
    except smtplib.SMTPResponseException as problem:
        raise EffectFailed(f"the mail server refused us: SMTP {problem.smtp_code}") from None
    except (OSError, smtplib.SMTPException) as problem:
        raise EffectFailed(f"the mail server failed: {type(problem).__name__}") from None


def _refuse_unless_taken(mail: EmailMessage, connection: smtplib.SMTP) -> None:
    """Addresses that are not of ASCII need a server that says it takes them."""
    connection.ehlo_or_helo_if_needed()
    if not str(mail["To"]).isascii() and not connection.has_extn("smtputf8"):
        sentence = "the mail server takes no address that is not of ASCII: it has no SMTPUTF8"
        raise EffectFailed(sentence, passing=False)


def _take_leave(connection: smtplib.SMTP) -> None:
    """What goes wrong now does not matter any more."""
    with suppress(OSError, smtplib.SMTPException):
        connection.quit()


def _connected(server: MailServer, timeout_seconds: float) -> smtplib.SMTP:
    """A connection that is safe and logged in, or none."""
    context = ssl.create_default_context(cafile=server.ca_file)
    if server.tls == "implicit":
        connection: smtplib.SMTP = _SafePatient(
            server.host, server.port, timeout=timeout_seconds, context=context
        )
    else:
        connection = _Patient(server.host, server.port, timeout=timeout_seconds)
    try:
        if server.tls == "starttls":
            connection.starttls(context=context)
        if server.user is not None:
            connection.login(server.user, server.password or "")
    except BaseException:
        connection.close()
        raise
    return connection


class _Patient(smtplib.SMTP):
    """Lets a server that has the whole mail look through it: who leaves then sends it twice."""

    def data(self, msg: Any) -> tuple[int, bytes]:
        assert self.sock
        self.sock.settimeout(ACCEPTED_WITHIN_SECONDS)
        return super().data(msg)


class _SafePatient(_Patient, smtplib.SMTP_SSL):
    """The same over TLS from the start."""
