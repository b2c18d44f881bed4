"""What a page needs of Stripe in a browser: its script, our publishable key, and where both go."""

from __future__ import annotations

import msgspec

RELEASE = "endive"  # of Stripe.js; a release goes with the API version of the same name
STRIPE_API = "https://api.stripe.com"


class InPage(msgspec.Struct, frozen=True):
    """How a browser takes cards; the rest are the origins its page has to allow."""

    publishable_key: str
    script_url: str
    scripts: tuple[str, ...]
    frames: tuple[str, ...]
    calls: tuple[str, ...]
    images: tuple[str, ...] = ()


def in_page(publishable_key: str, api_base: str, livemode: bool) -> InPage:
    """Stripe's own script, or that of a stand-in for its API: never with a live key."""
    if livemode or api_base == STRIPE_API:
        return InPage(publishable_key, STRIPE_JS, SCRIPTS, FRAMES, CALLS, IMAGES)
    only = (api_base,)
    return InPage(publishable_key, f"{api_base}/stripe.js", only, only, only)


STRIPE_JS = f"https://js.stripe.com/{RELEASE}/stripe.js"
SCRIPTS = ("https://js.stripe.com", "https://*.js.stripe.com", "https://checkout.stripe.com")
FRAMES = (*SCRIPTS, "https://hooks.stripe.com")
CALLS = (STRIPE_API, "https://checkout.stripe.com")
IMAGES = ("https://*.stripe.com",)
