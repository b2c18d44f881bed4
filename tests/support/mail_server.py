"""A real SMTP server on this machine that keeps what it is given."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

from aiosmtpd import smtp
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

from tests.system.patience import LONGEST_SECONDS

USER, PASSWORD = "billing", "hush-hush"


class MailServer(Controller):
    """Keeps every mail; `answers` are given to the next ones instead of taking them.

    While `holding` is set, what was taken is not answered.
    """

    def __init__(self, context: ssl.SSLContext | None = None, utf8: bool = True) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.answers: list[str] = []
        self.refused: list[str] = []
        self.holding = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        super().__init__(
            self,
            hostname="127.0.0.1",
            port=self._listener.getsockname()[1],
            ready_timeout=LONGEST_SECONDS,
            enable_SMTPUTF8=utf8,
            tls_context=context,
            require_starttls=context is not None,
            auth_required=context is not None,
            authenticator=_authenticated if context else None,
        )

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        """On the port that is ours already: one that is only free may be another's by now."""
        return self.loop.create_server(self._factory_invoker, sock=self._listener)

    async def handle_RCPT(  # noqa: N802 - as the library calls it
        self, server: smtp.SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such box"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - as the library calls it
        self, server: smtp.SMTP, session: Session, envelope: Envelope
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        content = envelope.content
        assert isinstance(content, bytes)
        mail = message_from_bytes(content, policy=SMTP)
        assert isinstance(mail, EmailMessage)
        self.mails.append(mail)
        self.recipients += envelope.rcpt_tos
        while self.holding.is_set():
            await asyncio.sleep(0.05)
        return "250 kept"


def _authenticated(
    server: smtp.SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any
) -> AuthResult:
    known = LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=given == known, handled=False)


@contextmanager
def mail_server(
    context: ssl.SSLContext | None = None, *, utf8: bool = True
) -> Iterator[MailServer]:
    """One that listens; with a `context` it takes nothing without TLS and a login.

    Without `utf8` it takes no addresses but those of ASCII.
    """
    server = MailServer(context, utf8)
    server.start()
    try:
        yield server
    finally:
        server.stop()
