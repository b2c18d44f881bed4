"""The settings of calls to systems of your own: addresses, and the secrets that sign them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping

import msgspec

from ledger.settings.values import LOOPBACK, WrongSetting, parts_of, port_of


class Endpoint(msgspec.Struct, frozen=True):
    """Who is called, and the secrets that sign it: the first, and others while one is rolled."""

    url: str
    secrets: tuple[str, ...]

    def __repr__(self) -> str:
        return "Endpoint()"


def endpoints(env: Mapping[str, str]) -> tuple[Endpoint, ...]:
    """`URL whsec_...`, with a second secret while one is rolled; several by commas."""
    given = env.get("BILLING_OUTGOING_WEBHOOKS") or None
    found = tuple(map(_endpoint, given.split(","))) if given else ()
    if len({each.url for each in found}) < len(found):
        raise WrongSetting("BILLING_OUTGOING_WEBHOOKS", "each address once")
    return found


def _endpoint(text: str) -> Endpoint:
    url, *secrets = text.split() or [""]
    need = "https://host/path whsec_..., with commas between several; http on this machine only"
    parts = parts_of("BILLING_OUTGOING_WEBHOOKS", url, need)
    port_of("BILLING_OUTGOING_WEBHOOKS", parts, need)
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
