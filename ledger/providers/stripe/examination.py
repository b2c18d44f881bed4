"""What Stripe says of our key, our webhook endpoint and our clock: for `billing doctor`."""

from __future__ import annotations

from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import msgspec
import stripe

from ledger.doctor.finding import Check, Finding, good, odd, wrong
from ledger.providers.stripe.client import Connection
from ledger.providers.stripe.readers import READERS
from ledger.providers.stripe.versions import NEWEST_KNOWN_VERSION, is_unknown

ALL_TYPES = "*"
MOST_NAMED = 5  # of the types that are missing


class Endpoint(msgspec.Struct, frozen=True):
    """Where Stripe sends events, which and in what shape; null is the account's own version."""

    url: str
    status: str
    livemode: bool
    enabled_events: list[str]
    api_version: str | None = None
    application: str | None = None


class Examined(NamedTuple):
    """What was asked and answered; `skew_seconds` is how far our clock is ahead of Stripe's."""

    endpoints: list[Endpoint]
    skew_seconds: float
    webhook_path: str
    livemode: bool
    tolerance_seconds: int

    @property
    def ours(self) -> list[Endpoint]:
        """The endpoints whose address ends in our path."""
        path = self.webhook_path
        return [each for each in self.endpoints if urlsplit(each.url).path.endswith(path)]


class _Page(msgspec.Struct):
    data: list[Endpoint]


def ask(connection: Connection, now: datetime) -> tuple[list[Endpoint], float]:
    """The endpoints, and our clock less Stripe's in seconds. Raises a ProviderProblem."""
    asked = "GET /v1/webhook_endpoints"
    try:
        answer = connection.client.raw_request("get", "/v1/webhook_endpoints", limit=100)
    except stripe.StripeError as error:
        raise connection.problem(error, asked) from None  # its cause holds the request
    page = msgspec.json.decode(str(answer.body).encode(), type=_Page)
    return page.data, _skew(answer.headers, now)


def _skew(headers: Any, now: datetime) -> float:
    told = headers.get("Date")
    return (now - parsedate_to_datetime(told)).total_seconds() if told else 0.0


def clock(examined: Examined) -> Finding:
    """Signatures carry Stripe's time, and older ones than the tolerance are refused."""
    skew, subject = examined.skew_seconds, "clock"
    if abs(skew) > examined.tolerance_seconds / 2:
        said = f"ours is {skew:+.0f} s from Stripe's: good webhooks may be refused as too old"
        return wrong(subject, said, "let this machine follow NTP")
    return good(subject, f"ours is {skew:+.0f} s from Stripe's")


def endpoint(examined: Examined) -> Finding:
    """Whether Stripe sends anything here."""
    subject, ours = "webhook endpoint", examined.ours
    if not ours:
        said = f"Stripe has no webhook endpoint whose path is {examined.webhook_path}"
        remedy = "make one in the dashboard, or run `stripe listen --forward-to` while developing"
        return odd(subject, said, remedy)
    off = [each.url for each in ours if each.status != "enabled"]
    if off:
        return wrong(
            subject, f"Stripe has disabled {', '.join(off)}", "enable it, then `billing backfill`"
        )
    if any(each.livemode != examined.livemode for each in ours):
        return wrong(subject, "the endpoint is of the other mode", "use the keys of one mode")
    return good(subject, ", ".join(each.url for each in ours))


def types(examined: Examined) -> Finding:
    """Whether Stripe sends all that we read."""
    subject = "event types"
    enabled = {each for one in examined.ours for each in one.enabled_events}
    missing = [] if ALL_TYPES in enabled else sorted(set(READERS) - enabled)
    if missing and examined.ours:
        more = len(missing) - MOST_NAMED
        rest = f" and {more} more" if more > 0 else ""
        said = f"not sent: {', '.join(missing[:MOST_NAMED])}{rest}"
        return wrong(
            subject, said, "enable these (docs/events.md lists all), then `billing backfill`"
        )
    return good(
        subject, f"all {len(READERS)} that are read are sent" if examined.ours else "not told"
    )


def api_version(examined: Examined) -> Finding:
    """Whether we know the shapes Stripe sends."""
    subject = "API version"
    versions = sorted({each.api_version for each in examined.ours if each.api_version})
    unknown = [each for each in versions if is_unknown(each)]
    if unknown:
        said = f"{', '.join(unknown)} is newer than {NEWEST_KNOWN_VERSION}: read by a guess"
        return odd(subject, said, "update this program, or keep the endpoint's version")
    return good(
        subject, ", ".join(versions) or f"the account's own; {NEWEST_KNOWN_VERSION} is known"
    )


CHECKS: tuple[Check[Examined], ...] = (clock, endpoint, types, api_version)
