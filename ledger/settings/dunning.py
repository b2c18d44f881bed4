"""The settings of dunning: what becomes of plans whose bill is not paid, and when."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from ledger.settings.values import MissingSetting, WrongSetting, choice


class Dunning(msgspec.Struct, frozen=True):
    """When a plan whose bill is not paid ends: with the provider's last try, or earlier.

    `own_days` count from the first try that failed.
    """

    own_days: int | None = None


def dunning(env: Mapping[str, str]) -> Dunning | None:
    """None unless unpaid plans end in the starter plan; that asks Stripe for changes."""
    wanted = choice(env, "BILLING_DUNNING_DOWNGRADE", "off", {"starter": True, "off": False})
    policy = env.get("BILLING_DUNNING") or "follow"
    own = re.fullmatch(r"own:([0-9]{1,3})", policy)
    if own is None and policy != "follow":
        raise WrongSetting("BILLING_DUNNING", "follow, or own:DAYS such as own:7")
    if wanted and not env.get("STRIPE_SECRET_KEY"):
        raise MissingSetting("STRIPE_SECRET_KEY", "a key that may change subscriptions")
    return Dunning(int(own[1]) if own else None) if wanted else None
