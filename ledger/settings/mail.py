"""The settings of mail: the server it goes through, and who writes in which language."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Literal
from urllib.parse import parse_qs, unquote

import msgspec

from ledger.settings.values import LOOPBACK, MissingSetting, WrongSetting, parts_of, port_of

TLS = Literal["starttls", "implicit", "none"]
LANGUAGES = ("de", "en")
DEFAULT_SENDER = "billing@localhost"


class MailServer(msgspec.Struct, frozen=True):
    """An SMTP server, and how it is spoken to; `ca_file` are the authorities it is believed by."""

    host: str
    port: int
    tls: TLS
    user: str | None = None
    password: str | None = None
    ca_file: str | None = None

    def __repr__(self) -> str:
        return f"MailServer(host={self.host}, port={self.port}, tls={self.tls})"


def server(env: Mapping[str, str]) -> MailServer | None:
    """smtp:// (STARTTLS, unless ?tls=none) or smtps://; nothing secret is sent in the clear."""
    url = env.get("BILLING_SMTP_URL") or None
    if url is None:
        return None
    need = "an address such as smtp://user:password@mail.example:587 or smtps://mail.example"
    parts = parts_of("BILLING_SMTP_URL", url, need)
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    tls = _TLS.get((parts.scheme, query.pop("tls", "")))
    ca_file = query.pop("ca_file", None)
    host = parts.hostname or ""
    if tls is None or not host or query or parts.path not in ("", "/"):
        raise WrongSetting("BILLING_SMTP_URL", need)
    if tls == "none" and parts.password and host not in LOOPBACK:
        raise WrongSetting("BILLING_SMTP_URL", "a password goes over TLS only")
    return MailServer(
        host=host,
        port=port_of("BILLING_SMTP_URL", parts, need) or (465 if tls == "implicit" else 587),
        tls=tls,
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password) if parts.password else None,
        ca_file=_authorities(ca_file) if ca_file else None,
    )


_TLS: dict[tuple[str, str], TLS] = {
    ("smtp", ""): "starttls",
    ("smtp", "none"): "none",
    ("smtps", ""): "implicit",
}


def _authorities(file: str) -> str:
    try:
        ssl.create_default_context(cafile=file)
    except (OSError, ssl.SSLError) as problem:
        need = f"?ca_file= names a file with certificates ({type(problem).__name__})"
        raise WrongSetting("BILLING_SMTP_URL", need) from None
    return file


def sender(env: Mapping[str, str], needed: bool) -> str:
    """The address customers are written to from; with a server it has to be set."""
    given = env.get("BILLING_MAIL_FROM") or None
    if given is None:
        if needed:
            raise MissingSetting("BILLING_MAIL_FROM", "the address customers are written to from")
        return DEFAULT_SENDER
    if not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", given):
        raise WrongSetting("BILLING_MAIL_FROM", "an address such as billing@app.example")
    return given


def language(env: Mapping[str, str]) -> str:
    """The one for customers who prefer none that there are templates in."""
    given = env.get("BILLING_MAIL_LANGUAGE") or "en"
    if given not in LANGUAGES:
        raise WrongSetting("BILLING_MAIL_LANGUAGE", " or ".join(LANGUAGES))
    return given
