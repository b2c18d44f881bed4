"""The settings of reactions: where mail goes through, and who is called."""

from __future__ import annotations

import base64
import binascii
import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Literal
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import msgspec

from ledger.setting_values import MissingSetting, WrongSetting, choice, whole

TLS = Literal["starttls", "implicit", "none"]
LOOPBACK = ("localhost", "127.0.0.1", "::1")
LANGUAGES = ("de", "en")


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


class Endpoint(msgspec.Struct, frozen=True):
    """Who is called, and the secrets that sign it: the first, and others while one is rolled."""

    url: str
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return "Endpoint()"


class Dunning(msgspec.Struct, frozen=True):
    """When a plan whose bill is not paid ends: with the provider's last try, or earlier.

    `own_days` count from the first try that failed.
    """

    own_days: int | None = None


class Reacting(msgspec.Struct, frozen=True):
    """What reactions there are to be, and how they are had.

    Mail goes to the `server`, or into the `folder`; `credits_low` is the balance below which a
    customer is told so, `notice_days` how long before a renewal or the end of a trial.
    """

    server: MailServer | None = None
    folder: Path | None = None
    sender: str = "billing@localhost"
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
    server = _server(env)
    if server and folder:
        raise WrongSetting("BILLING_MAIL_DIR", "either this or BILLING_SMTP_URL")
    return Reacting(
        server=server,
        folder=Path(folder) if folder else None,
        sender=_sender(env, needed=server is not None),
        language=_language(env),
        notice_days=whole(env, "BILLING_MAIL_NOTICE_DAYS", 3, 0, 60),
        credits_low=whole(env, "BILLING_MAIL_CREDITS_LOW", 10, 0, 999_999_999),
        endpoints=_endpoints(env),
        timeout_seconds=whole(env, "BILLING_EFFECT_TIMEOUT_SECONDS", 10, 1, 60),
        dunning=_dunning(env),
    )


def _dunning(env: Mapping[str, str]) -> Dunning | None:
    """None unless unpaid plans end in the starter plan; that asks Stripe for changes."""
    wanted = choice(env, "BILLING_DUNNING_DOWNGRADE", "off", {"starter": True, "off": False})
    policy = env.get("BILLING_DUNNING") or "follow"
    own = re.fullmatch(r"own:([0-9]{1,3})", policy)
    if own is None and policy != "follow":
        raise WrongSetting("BILLING_DUNNING", "follow, or own:DAYS such as own:7")
    if wanted and not env.get("STRIPE_SECRET_KEY"):
        raise MissingSetting("STRIPE_SECRET_KEY", "a key that may change subscriptions")
    return Dunning(int(own[1]) if own else None) if wanted else None


def _server(env: Mapping[str, str]) -> MailServer | None:
    """smtp:// (STARTTLS, unless ?tls=none) or smtps://; nothing secret is sent in the clear."""
    url = env.get("BILLING_SMTP_URL") or None
    if url is None:
        return None
    need = "an address such as smtp://user:password@mail.example:587 or smtps://mail.example"
    parts = _parts("BILLING_SMTP_URL", url, need)
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
        port=_port("BILLING_SMTP_URL", parts, need) or (465 if tls == "implicit" else 587),
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


def _sender(env: Mapping[str, str], needed: bool) -> str:
    sender = env.get("BILLING_MAIL_FROM") or None
    if sender is None:
        if needed:
            raise MissingSetting("BILLING_MAIL_FROM", "the address customers are written to from")
        return Reacting().sender
    if not re.fullmatch(r"[!-?A-~]+@[A-Za-z0-9.-]+", sender):
        raise WrongSetting("BILLING_MAIL_FROM", "an address such as billing@app.example")
    return sender


def _language(env: Mapping[str, str]) -> str:
    language = env.get("BILLING_MAIL_LANGUAGE") or "en"
    if language not in LANGUAGES:
        raise WrongSetting("BILLING_MAIL_LANGUAGE", " or ".join(LANGUAGES))
    return language


def _endpoints(env: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """`URL whsec_...`, with a second secret while one is rolled; several by commas."""
    given = env.get("BILLING_OUTGOING_WEBHOOKS") or None
    found = tuple(map(_endpoint, given.split(","))) if given else ()
    if len({each.url for each in found}) < len(found):
        raise WrongSetting("BILLING_OUTGOING_WEBHOOKS", "each address once")
    return found


def _endpoint(text: str) -> Endpoint:
    url, *secrets = text.split() or [""]
    need = "https://host/path whsec_..., with commas between several; http on this machine only"
    parts = _parts("BILLING_OUTGOING_WEBHOOKS", url, need)
    _port("BILLING_OUTGOING_WEBHOOKS", parts, need)
    safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
    plain = re.fullmatch(r"[!-~]{1,2000}", url) and not (parts.fragment or parts.username)
    if not (safe and parts.hostname and plain and secrets and all(map(_is_secret, secrets))):
        raise WrongSetting("BILLING_OUTGOING_WEBHOOKS", need)
    return Endpoint(url, tuple(secrets))


def _is_secret(secret: str) -> bool:
    """24 to 64 bytes, as the specification has it."""
    try:
        key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    except binascii.Error:
        return False
    return secret.startswith("whsec_") and 24 <= len(key) <= 64


def _parts(name: str, url: str, need: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:
        raise WrongSetting(name, need) from None


def _port(name: str, parts: SplitResult, need: str) -> int | None:
    try:
        return parts.port
    except ValueError:
        raise WrongSetting(name, need) from None
