"""The kinds of values that go in and out, each with its bounds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from marshmallow import Schema, ValidationError, fields, post_load, validate

from ledger.checkout.words import MOST_BYTES, MOST_ID_BYTES
from ledger.money import MINOR_DIGITS, Money

MOST_MINOR = 99_999_999  # eight digits are the most Stripe charges at once
MOST_QUANTITY = 10_000
MOST_CREDITS = 1_000_000_000
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class Line(validate.Regexp):
    """One line of printable text of this form.

    The whole of it: a `$` alone would let a newline at the end pass. A pattern for the document
    cannot say what Unicode prints, so that is looked at besides, and the bytes it takes.
    """

    def __init__(self, regex: str, most_bytes: int, error: str) -> None:
        super().__init__(regex, error=error)
        self._whole = re.compile(regex)
        self._most_bytes = most_bytes

    def __call__(self, value: Any) -> Any:
        sound = self._whole.fullmatch(value) is not None and value.isprintable()
        if not sound or len(value.encode()) > self._most_bytes:
            raise ValidationError(self._format_error(value))
        return value


TEXT = Line(
    r"^[^\u0000-\u001f\u007f]+$",
    MOST_BYTES,
    f"Printable text of up to {MOST_BYTES} bytes is needed.",
)
ID = Line(
    r"^[^\u0000-\u001f\u007f/]+$",
    MOST_ID_BYTES,
    f"Printable text of up to {MOST_ID_BYTES} bytes without a slash is needed.",
)
KEY = Line(r"^[!-~]+$", MOST_ID_BYTES, "Printable ASCII without spaces is needed.")


class Flag(fields.Boolean):
    """true or false, and nothing that only looks like it."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if type(value) is not bool:
            raise self.make_error("invalid", input=value)
        return value


class Time(fields.AwareDateTime):
    """A moment with its offset from UTC."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__("iso", validate=validate.Range(EARLIEST, LATEST), **kwargs)

    def deserialize(self, *args: Any, **kwargs: Any) -> Any:
        at = super().deserialize(*args, **kwargs)
        return at.astimezone(UTC) if isinstance(at, datetime) else at


def identifier(**more: Any) -> fields.String:
    """An id of the application's or the provider's."""
    return fields.String(validate=[validate.Length(1, 128), ID], **more)


def text(longest: int, **more: Any) -> fields.String:
    """One line for people."""
    return fields.String(validate=[validate.Length(1, longest), TEXT], **more)


def number(least: int, most: int, **more: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=validate.Range(least, most), **more)


def said(description: str) -> dict[str, str]:
    """Metadata of a field: what its reader has to know."""
    return {"description": description}


class MoneyIn(Schema):
    """An amount in the currency's smallest unit (cents, yen, fils)."""

    minor = number(0, MOST_MINOR, required=True)
    currency = fields.String(
        required=True,
        validate=validate.OneOf(sorted(MINOR_DIGITS)),
        metadata=said("ISO 4217 code in lower case."),
    )

    @post_load
    def money(self, given: dict[str, Any], **_: Any) -> Money:
        return Money(**given)


class MoneyOut(Schema):
    """An amount in the currency's smallest unit."""

    minor = fields.Integer(required=True)
    currency = fields.String(required=True)


class PersonIn(Schema):
    """What the provider should know of a customer; an API key's word, a token has its own."""

    email = fields.Email(validate=validate.Length(max=254), load_default=None, allow_none=True)
    name = text(200, load_default=None, allow_none=True)
