"""What each account sells: packages of credits, learning paths, plans and group memberships."""

from __future__ import annotations

from dataclasses import dataclass

from web.sandbox.truth.catalog import Price, add_price, add_product
from web.sandbox.truth.world import Truth

PLATFORM = "academy"
CONNECTED_ACCOUNTS = ("acct_1SandboxNorth0001", "acct_1SandboxSouth0002")
PACKAGE_CREDITS = 50
LEARNING_PATHS = {"101": 4900, "102": 7900, "103": 12900}
GROUPS = {"12": 15000, "17": 24000, "23": 9900}
PLANS = {"starter": 0, "basic": 900, "premium": 2900, "team": 9900}


@dataclass(frozen=True, slots=True)
class Shop:
    """One account's prices: plans by (lookup key, interval), memberships by group."""

    account: str
    package: Price
    plans: dict[tuple[str, str], Price]
    memberships: dict[str, Price]
    feature: Price
    path_plan: Price
    plain: Price

    def plan(self, name: str, interval: str = "month") -> Price:
        """The price of a plan."""
        return self.plans[name, interval]


def open_shop(truth: Truth, account: str) -> Shop:
    """Create an account's products and prices."""
    package = add_price(truth, add_product(truth, account, "Credits"), 500)
    return Shop(
        account=account,
        package=package,
        plans=dict(_plans(truth, account)),
        memberships={group: _membership(truth, account, group) for group in GROUPS},
        feature=_special(truth, account, "Archive", {"feature": "archive"}),
        path_plan=_special(truth, account, "Path of the month", {"learning_path_id": "104"}),
        plain=_special(truth, account, "Support", {}),
    )


def _plans(truth: Truth, account: str) -> list[tuple[tuple[str, str], Price]]:
    found = []
    for name, amount in PLANS.items():
        product = add_product(truth, account, f"Plan {name.title()}")
        for interval, times, suffix in (("month", 1, ""), ("year", 10, "_yearly")):
            price = add_price(truth, product, amount * times, interval, name + suffix)
            found.append(((name, interval), price))
    return found


def _membership(truth: Truth, account: str, group: str) -> Price:
    product = add_product(truth, account, f"Group - Group {group}", {"group_id": group})
    return add_price(truth, product, 1900, "month", metadata={"group_id": group})


def _special(truth: Truth, account: str, name: str, metadata: dict[str, str]) -> Price:
    return add_price(truth, add_product(truth, account, name), 1200, "month", metadata=metadata)
