"""What visitors send: numbers and choices out of a form or an address."""

from __future__ import annotations

import re
import secrets

from flask import request

from ledger.checkout.refusals import InvalidQuantity

KEY_BYTES = 12


def new_key() -> str:
    """What makes a form be done once: it is in the page, and sent with it."""
    return secrets.token_hex(KEY_BYTES)


def quantity() -> int | None:
    """A quantity, None where it is not said. Raises InvalidQuantity."""
    text = request.values.get("quantity", "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[1-9][0-9]{0,7}", text):
        raise InvalidQuantity(text)
    return int(text)


def chosen(name: str) -> str | None:
    """What was chosen, None where nothing was."""
    return request.values.get(name) or None
