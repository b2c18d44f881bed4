"""A folder of mails: which there are, the newest first, and what each of them says."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import DateHeader
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import default
from pathlib import Path
from typing import Any, NamedTuple

SUFFIX = ".eml"
HEADER_BYTES = 64 * 1024
MOST_BYTES = 5 * 1024 * 1024
SHOWN = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Billing-Mail")
UNTOLD = (
    *(OSError, MessageError, ValueError, LookupError),
    *(TypeError, AttributeError, ArithmeticError),
)
"""What reading a file that is no mail may end in; the parser of headers raises most of them."""


class File(NamedTuple):
    """A file that should be a mail; `written_at` is when it came here."""

    name: str
    written_at: datetime


class Mail(NamedTuple):
    """What is told of a mail in a list; a `broken` one tells nothing but its file's name."""

    file: str
    at: datetime
    to: str = ""
    subject: str = ""
    kind: str = ""
    broken: bool = False


class Read(NamedTuple):
    """A whole mail: its headers, and what a reader sees of it."""

    mail: Mail
    headers: tuple[tuple[str, str], ...] = ()
    text: str | None = None
    html: str | None = None


def files(folder: Path) -> list[File]:
    """All mails there are, the newest first; none where there is no folder yet."""
    try:
        with os.scandir(folder) as entries:
            found = [_file(each) for each in entries if each.name.endswith(SUFFIX)]
    except FileNotFoundError:
        return []
    return sorted(filter(None, found), key=lambda each: (each.written_at, each.name), reverse=True)


def _file(entry: os.DirEntry[str]) -> File | None:
    """None for links, folders, what is gone by now, and names no address can have.

    A mail that is just being written has a dot first.
    """
    try:
        facts = entry.stat(follow_symlinks=False)
    except OSError:
        return None
    named = entry.name.isprintable() and not entry.name.startswith(".")
    if not (named and stat.S_ISREG(facts.st_mode)):
        return None
    return File(entry.name, datetime.fromtimestamp(facts.st_mtime, UTC))


def listed(folder: Path, of: Iterable[File]) -> list[Mail]:
    """What a list tells of these; no more than their headers is read."""
    return [_told(folder, each) for each in of]


def kinds(folder: Path) -> Counter[str]:
    """How many mails of each kind there are."""
    told = listed(folder, files(folder))
    return Counter(each.kind or "other" for each in told if not each.broken)


def read(folder: Path, name: str) -> Read | None:
    """One mail, by the name of its file; None where the folder has no such file."""
    file = next((each for each in files(folder) if each.name == name), None)
    if file is None:
        return None
    try:
        message = _whole(folder / file.name)
        mail = _mail(file, message)
        headers = tuple((each, str(message[each])) for each in SHOWN if message[each])
        return Read(mail, headers, _part(message, "plain"), _part(message, "html"))
    except UNTOLD:
        return Read(_broken(file))


def _told(folder: Path, file: File) -> Mail:
    try:
        return _mail(file, _headers(folder / file.name))
    except UNTOLD:
        return _broken(file)


def _mail(file: File, message: EmailMessage) -> Mail:
    """Raises ValueError for what has nobody it is for."""
    to = str(message["To"] or "")
    if not to:
        raise ValueError(file.name)
    kind, subject = str(message["X-Billing-Mail"] or ""), str(message["Subject"] or "")
    return Mail(file.name, _date(message) or file.written_at, to, subject, kind)


def _broken(file: File) -> Mail:
    return Mail(file.name, file.written_at, broken=True)


def _date(message: EmailMessage) -> datetime | None:
    date = message["Date"]
    at = date.datetime if isinstance(date, DateHeader) else None
    if at is None:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _headers(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        return _parsed(BytesHeaderParser(policy=default).parsebytes(file.read(HEADER_BYTES)))


def _whole(path: Path) -> EmailMessage:
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError(path.name)
    return _parsed(message_from_bytes(content, policy=default))


def _parsed(message: Any) -> EmailMessage:
    assert isinstance(message, EmailMessage)  # this policy makes no other
    return message


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    return None if part is None else str(part.get_content()).replace("\r\n", "\n")
