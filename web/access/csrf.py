"""A word in each form that only the page it was served in knows: other sites cannot send it."""

from __future__ import annotations

import hmac
from collections.abc import Sequence

from web.access.problems import ForeignForm

PURPOSE = b"billing form: "


class Csrf:
    """Derives a form's word from the visit it belongs to, so that nothing has to be kept.

    The first secret makes it, and any of them is taken, as with customers' tokens.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._secrets = tuple(secrets)

    def word(self, visit: str) -> str:
        """The word for the forms of a visit."""
        return _word(self._secrets[0], visit)

    def check(self, visit: str, given: str) -> None:
        """Raises ForeignForm when a form does not come from a page of this visit."""
        known = [_word(secret, visit) for secret in self._secrets]
        found = [hmac.compare_digest(each.encode(), given.encode()) for each in known]
        if not any(found):
            raise ForeignForm


def _word(secret: str, visit: str) -> str:
    return hmac.new(secret.encode(), PURPOSE + visit.encode(), "sha256").hexdigest()
