"""The pages of a folder of mails, each by the name of its file: served, or written beside them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import jinja2

from web.sandbox.mails.folder import SUFFIX, files, listed, read

A_PAGE = 50
END = ".html"
INDEX = "index" + END
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'"
)
"""What a browser may do with a page. The mail in its frame inherits it: nothing is fetched."""
LOOKING = POLICY + "; script-src 'self'; connect-src 'self'"
"""The same for a list that looks for new mails by itself."""


class Page(NamedTuple):
    """A page, and the Content-Security-Policy it needs; it is in the page too, for files."""

    html: str
    policy: str


def page(folder: Path, name: str, *, served: bool = False) -> Page | None:
    """`index.html`, `page-2.html` and so on, or `NAME.eml.html`; None where there is none such.

    What is `served` can change while it is looked at; what is written to a file does not.
    """
    if name.endswith(SUFFIX + END):
        found = read(folder, name.removesuffix(END))
        return _written("mail.html", POLICY, **found._asdict()) if found else None
    return _list(folder, name, served)


def names(folder: Path) -> list[str]:
    """The names of all pages there are."""
    there = files(folder)
    lists = [_list_name(number) for number in range(1, _pages(len(there)) + 1)]
    return [*lists, *(each.name + END for each in there)]


def _list(folder: Path, name: str, served: bool) -> Page | None:
    there = files(folder)
    pages = _pages(len(there))
    numbers = {_list_name(number): number for number in range(1, pages + 1)}
    number = numbers.get(name)
    if number is None:
        return None
    start = (number - 1) * A_PAGE
    policy = LOOKING if served else POLICY
    return _written(
        "list.html",
        policy,
        mails=listed(folder, there[start : start + A_PAGE]),
        count=len(there),
        number=number,
        pages=pages,
        served=served,
    )


def missing() -> Page:
    """What there is in the place of a page that is not there (any more)."""
    return _written("missing.html", POLICY)


def _written(template: str, policy: str, **said: object) -> Page:
    html = _ENVIRONMENT.get_template(template).render(**said, policy=policy)
    return Page(html.encode(errors="replace").decode(), policy)


def _pages(count: int) -> int:
    """How many pages so many mails need; one even for none."""
    return max(1, -(-count // A_PAGE))


def _list_name(number: int) -> str:
    return INDEX if number == 1 else f"page-{number}{END}"


def _time(at: datetime) -> str:
    """20 Nov 2026, 21:05 UTC."""
    return f"{at.day} {at:%b %Y, %H:%M} UTC"


_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.PackageLoader("web.sandbox.mails"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters["time"] = _time
_ENVIRONMENT.globals["index"] = INDEX
_ENVIRONMENT.globals["list_name"] = _list_name
