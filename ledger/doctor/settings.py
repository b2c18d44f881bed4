"""What the settings say before anybody is asked; wrong prefixes are refused when they are read."""

from __future__ import annotations

from ledger.doctor.finding import Check, Finding, good, odd, wrong
from ledger.settings import Settings

STRIPE_API = "https://api.stripe.com"


def mode(settings: Settings) -> Finding:
    """Which payments count."""
    return good("mode", f"this ledger applies {'live' if settings.livemode else 'test'} events")


def secret_key(settings: Settings) -> Finding:
    """Whether Stripe can be asked."""
    subject = "STRIPE_SECRET_KEY"
    if settings.secret_key is None:
        said = "not set: webhooks are taken, but checkout, backfill and thin events need it"
        return odd(subject, said, "set it to a key of the mode you want")
    return good(subject, f"a key for {'live' if settings.livemode else 'test'} mode")


def webhook_secret(settings: Settings) -> Finding:
    """Whether webhooks can be taken."""
    subject, secrets = "STRIPE_WEBHOOK_SECRET", settings.webhook_secrets
    if not secrets:
        remedy = "set it to the endpoint's signing secret; `stripe listen` prints one"
        return wrong(subject, "not set: no webhook can be taken", remedy)
    if len(secrets) > 1:
        return odd(
            subject,
            f"{len(secrets)} secrets are believed",
            "fine for platform and Connect endpoints, or while one is rolled; else remove the old",
        )
    return good(subject, "set")


def api_base(settings: Settings) -> Finding:
    """Whether it is the real Stripe."""
    if settings.api_base != STRIPE_API:
        said = f"calls go to {settings.api_base}: a stand-in, no money moves"
        return odd("STRIPE_API_BASE", said, "unset it for the real thing")
    return good("STRIPE_API_BASE", STRIPE_API)


def platform(settings: Settings) -> Finding:
    """Whether payments of other applications on the same account would count."""
    if settings.policy.platform is None:
        remedy = "set it if other applications share the Stripe account"
        return odd("PLATFORM", "not set: every payment of the account counts as ours", remedy)
    return good("PLATFORM", f"only payments of {settings.policy.platform} count")


CHECKS: tuple[Check[Settings], ...] = (mode, secret_key, webhook_secret, api_base, platform)
