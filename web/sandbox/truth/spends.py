"""Credits used: a command of the application, which Stripe never hears of."""

from typing import NamedTuple


class Spend(NamedTuple):
    """`credits` used by the application's user at Unix second `at`; `key` makes retries safe."""

    at: int
    customer_id: str
    credits: int
    key: str
    account: str = ""
