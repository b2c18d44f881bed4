"""How often somebody may ask: counted in each worker process, forgotten when it ends.

Only what is public is counted, and never a webhook, whose sender is known by its signature.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from typing import Literal

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from web.access.problems import TooManyRequests

What = Literal["token", "wrong", "document", "audit", "sign_in"]

RATES: Mapping[What, RateLimitItem] = {
    "token": RateLimitItemPerMinute(240),  # requests of one customer's browser
    "wrong": RateLimitItemPerMinute(60),  # wrong keys and tokens from one address
    "audit": RateLimitItemPerMinute(240),  # pages one auditor's key looks at
    "sign_in": RateLimitItemPerMinute(10),  # an auditor coming in, from one address
    "document": RateLimitItemPerMinute(120),  # the API's description, from one address
}
"""What is counted -> how many of it a minute, for each worker process."""


class Limits:
    """Counts by customer or address."""

    def __init__(self, rates: Mapping[What, RateLimitItem] = RATES) -> None:
        self._rates = rates
        self._limiter = FixedWindowRateLimiter(MemoryStorage())

    def count(self, what: What, who: str) -> None:
        """Notes one more. Raises TooManyRequests when that is one too many."""
        if not self._limiter.hit(self._rates[what], what, who):
            window = self._limiter.get_window_stats(self._rates[what], what, who)
            raise TooManyRequests(max(1, math.ceil(window.reset_time - time.time())))
