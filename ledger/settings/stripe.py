"""The settings of Stripe: keys, their mode, webhook secrets, and where its API is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ledger.settings.values import WrongSetting


def webhook_secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """The webhook secrets, separated by commas while one is rolled."""
    given = env.get("STRIPE_WEBHOOK_SECRET")
    if given is None:
        return ()
    secrets = tuple(each.strip() for each in given.split(","))
    if not all(each.startswith("whsec_") and len(each) > len("whsec_") for each in secrets):
        raise WrongSetting("STRIPE_WEBHOOK_SECRET", "each secret starts with whsec_ and goes on")
    return secrets


def livemode(env: Mapping[str, str]) -> bool:
    """BILLING_MODE says it; without it the mode of the secret key does, and test is the default."""
    keys = _key_mode(env)
    mode = env.get("BILLING_MODE") or keys or "test"
    if mode not in ("live", "test"):
        raise WrongSetting("BILLING_MODE", "live or test")
    if keys and mode != keys:
        raise WrongSetting("BILLING_MODE", f"STRIPE_SECRET_KEY is a key for {keys}")
    return mode == "live"


def _key_mode(env: Mapping[str, str]) -> str | None:
    key = env.get("STRIPE_SECRET_KEY")
    if not key:
        return None
    found = re.fullmatch(r"[sr]k_(live|test)_\S+", key)
    if found is None:
        raise WrongSetting(
            "STRIPE_SECRET_KEY", "it starts with sk_live_, sk_test_, rk_live_ or rk_test_"
        )
    return found[1]


def api_base(env: Mapping[str, str]) -> str:
    """Stripe's API, or a stand-in for it; a live key is never sent in the clear."""
    base = (env.get("STRIPE_API_BASE") or "https://api.stripe.com").rstrip("/")
    scheme = "https" if _key_mode(env) == "live" else "https?"
    if not re.fullmatch(rf"{scheme}://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{{1,5}})?", base):
        raise WrongSetting("STRIPE_API_BASE", "https://host, or http://host with a test key")
    return base


def publishable_key(env: Mapping[str, str]) -> str | None:
    """The key pages may show; one of another mode could not see what the secret key makes."""
    key = env.get("STRIPE_PUBLISHABLE_KEY") or None
    mode = "live" if livemode(env) else "test"
    if key and not re.fullmatch(rf"pk_{mode}_\S+", key):
        need = f"it starts with pk_{mode}_, as the other keys are for {mode}"
        raise WrongSetting("STRIPE_PUBLISHABLE_KEY", need)
    return key
