"""The settings of what is served: addresses, the brand, and what tokens are signed with."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ledger.checkout.brand import Brand
from ledger.settings.values import WrongSetting

SECRET_LENGTH = 32  # 128 bits even when written in hexadecimal
DEFAULT_BRAND = Brand("Billing", "http://localhost")


def brand(env: Mapping[str, str]) -> Brand:
    """Under which name things are sold; without one it is the platform's."""
    platform = env.get("PLATFORM") or None
    name = env.get("BILLING_APP_NAME") or platform or DEFAULT_BRAND.name
    url = env.get("BILLING_APP_URL") or DEFAULT_BRAND.url
    if not name.isprintable() or len(name) > 100:
        raise WrongSetting("BILLING_APP_NAME", "up to 100 printable characters")
    if not re.fullmatch(r"https?://[!-~]{1,200}", url):
        raise WrongSetting("BILLING_APP_URL", "an address such as https://app.example")
    products = (_product(env, name) for name in ("STRIPE_CREDITS_PRODUCT_ID", "STRIPE_PRODUCT_ID"))
    return Brand(name, url, platform, *products)


def _product(env: Mapping[str, str], name: str) -> str | None:
    product_id = env.get(name) or None
    if product_id and not re.fullmatch(r"prod_[!-~]{1,200}", product_id):
        raise WrongSetting(name, "it starts with prod_ and goes on")
    return product_id


def public_url(env: Mapping[str, str]) -> str | None:
    """Where browsers reach the pages; without HTTPS on this machine only."""
    url = (env.get("BILLING_PUBLIC_URL") or "").rstrip("/") or None
    if url and not re.fullmatch(r"https://[\w.:-]+|http://(localhost|127\.0\.0\.1)(:\d+)?", url):
        raise WrongSetting("BILLING_PUBLIC_URL", "https://host, or http://localhost")
    return url


def token_secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """What customers' tokens are signed with: the first; the others are still taken."""
    given = env.get("BILLING_TOKEN_SECRET")
    if given is None:
        return ()
    secrets = tuple(each.strip() for each in given.split(","))
    if not all(len(each) >= SECRET_LENGTH for each in secrets):
        raise WrongSetting("BILLING_TOKEN_SECRET", f"{SECRET_LENGTH} characters or more each")
    return secrets


def path(env: Mapping[str, str], name: str, default: str) -> str:
    """Where something is served."""
    given = env.get(name) or default
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", given):
        raise WrongSetting(name, "a path such as /webhooks/stripe")
    return given
