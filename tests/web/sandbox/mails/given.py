"""Mails in a folder, as a ledger's own reactor would leave them there."""

from __future__ import annotations

import os
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path


def put(folder: Path, name: str, minute: int = 0, html: str | None = None, **headers: str) -> None:
    """A mail that came at this minute of an hour long ago."""
    mail = EmailMessage(policy=SMTP)
    told = {"To": "ann@customers.example", "Subject": "Receipt", "X-Billing-Mail": "receipt"}
    for header, value in (told | {"Date": f"Tue, 01 Sep 2026 12:{minute:02}:00 +0000"}).items():
        mail[header] = headers.get(header.lower(), value)
    mail.set_content("Hello,\n\nwe received 9.00 USD.")
    if html is not None:
        mail.add_alternative(html, subtype="html")
    put_bytes(folder, name, mail.as_bytes(), minute)


def put_bytes(folder: Path, name: str, content: bytes, minute: int = 0) -> None:
    """A file of the same hour that may be anything."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(content)
    os.utime(folder / name, (minute * 60, minute * 60))
