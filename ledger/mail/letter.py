"""What a mail has to say, before anybody knows to whom and in which language."""

from __future__ import annotations

from datetime import datetime

import msgspec

from ledger.money import Money


class Letter(msgspec.Struct, frozen=True, omit_defaults=True):
    """The fact of the time `at` that is told to whom the stream `about` belongs.

    `amounts`, `times` and `words` are what the template shows, by the names it has for them.
    """

    about: str
    at: datetime
    amounts: dict[str, Money] = {}
    times: dict[str, datetime] = {}
    words: dict[str, str | int] = {}
