"""Letters in words: a plain text, whose first line is the subject, and HTML, by language."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import NamedTuple

import jinja2

from ledger.checkout.brand import Brand
from ledger.mail.letter import Letter


class Written(NamedTuple):
    """A letter as it is read."""

    subject: str
    text: str
    html: str


def written(template: str, language: str, letter: Letter, brand: Brand) -> Written:
    """The words of a letter. Raises jinja2.TemplateError for a template that does not fit it."""
    said = {**letter.amounts, **letter.times, **letter.words, "app": brand.name, "url": brand.url}
    text = _ENVIRONMENT.get_template(f"{language}/{template}.txt").render(said)
    html = _ENVIRONMENT.get_template(f"{language}/{template}.html").render(said)
    subject, _, body = text.partition("\n")
    return Written(" ".join(subject.split()), body.lstrip("\n"), html)


def utc(at: datetime) -> str:
    """A time as everybody reads it the same: `2026-11-20 21:05 UTC`."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("ledger.mail"),
    autoescape=jinja2.select_autoescape(("html",)),
    undefined=jinja2.StrictUndefined,
    keep_trailing_newline=True,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["utc"] = utc
