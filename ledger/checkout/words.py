"""Texts that come from an application: ids and names are checked before they are kept."""

from __future__ import annotations

from ledger.checkout.refusals import InvalidQuantity, InvalidTerms

MOST_ID_BYTES = 200
"""What the provider's metadata, its idempotency keys and our stream ids hold with room to spare."""

MOST_BYTES = 500
MOST_QUANTITY = 1_000_000


def checked_id(what: str, given: str) -> str:
    """An id of the application's own. Raises InvalidTerms."""
    return _checked(what, given, MOST_ID_BYTES)


def checked_text(what: str, given: str) -> str:
    """A name, reason or description. Raises InvalidTerms."""
    return _checked(what, given, MOST_BYTES)


def checked_quantity(given: int) -> int:
    """A number of units to buy. Raises InvalidQuantity."""
    if type(given) is not int or not 1 <= given <= MOST_QUANTITY:
        raise InvalidQuantity(given)
    return given


def _checked(what: str, given: str, most_bytes: int) -> str:
    if not given or not given.isprintable() or len(given.encode()) > most_bytes:
        raise InvalidTerms(what, f"1 to {most_bytes} bytes of printable text are needed")
    return given
