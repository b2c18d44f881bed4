"""Lists are given page by page; where a page ends, its answer says how to go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from marshmallow import Schema, fields, validate

from projections.queries import Page
from web.api.endpoint import Call
from web.api.fields import TEXT, said
from web.api.reading import Invalid

A_PAGE, MOST = 100, 500
MOST_CURSOR = 500

Rows = Sequence[Mapping[str, Any]]


class PageAsked(Schema):
    """Which part of the list."""

    limit = fields.Integer(
        load_default=A_PAGE,
        validate=validate.Range(1, MOST),
        metadata=said("How many rows at most."),
    )
    after = fields.String(
        load_default=None,
        validate=[validate.Length(1, MOST_CURSOR), TEXT],
        metadata=said("`next` of the page before; the first page without it."),
    )


def paged(call: Call, ask: Callable[[Page], Rows]) -> dict[str, object]:
    """The page that was asked for. Raises Invalid for a cursor that is not of this list (any more).

    A row that comes to the list meanwhile moves no other to another page.
    """
    page = Page(call.query["limit"], call.query["after"])
    rows = ask(page)
    if page.after is not None:
        if not rows:
            raise Invalid("query", {"after": ["This is no row of the list."]})
        rows = rows[1:]
    shown = rows[: page.limit]
    return {"data": shown, "next": shown[-1]["cursor"] if len(rows) > page.limit else None}


def pages(name: str, of: type[Schema], about: str) -> type[Schema]:
    """The schema of a page, with `of` many times under `data`."""
    rows = fields.List(fields.Nested(of), required=True)
    following = fields.String(
        required=True,
        allow_none=True,
        metadata=said("`after` of the next page; null: that is all."),
    )
    return type(name, (Schema,), {"data": rows, "next": following, "__doc__": about})
