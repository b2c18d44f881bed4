"""What is public is counted, by what it is and by whom."""

import pytest
from limits import RateLimitItemPerHour

from web.access.limits import RATES, Limits
from web.access.problems import TooManyRequests

FEW = {**RATES, "token": RateLimitItemPerHour(3)}


def test_one_too_many_is_told_when_to_come_again() -> None:
    limits = Limits(FEW)
    for _ in range(3):
        limits.count("token", "ann")

    with pytest.raises(TooManyRequests) as refusal:
        limits.count("token", "ann")

    assert 1 <= refusal.value.retry_after_seconds <= 3600
    limits.count("token", "bob")
    limits.count("wrong", "ann")
