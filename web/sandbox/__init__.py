"""A seeded stand-in for Stripe: lives change the truth, and the truth is told as webhooks."""

from web.sandbox.oracle import Tables, oracle
from web.sandbox.truth.spends import Spend
from web.sandbox.year import Year, simulate

__all__ = ["Spend", "Tables", "Year", "oracle", "simulate"]
