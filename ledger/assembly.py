"""Puts the parts together by the settings: the one place where real ones are chosen."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ledger.application import Inbox, Ledger
from ledger.bookkeeper import Bookkeeper
from ledger.clerk import Rules
from ledger.providers import Observer, Receiver
from ledger.providers.stripe.fees import Fees
from ledger.providers.stripe.fetcher import Fetcher
from ledger.providers.stripe.in_page import InPage, in_page
from ledger.providers.stripe.observer import StripeObserver
from ledger.providers.stripe.readers import READERS
from ledger.providers.stripe.receiver import StripeReceiver
from ledger.providers.stripe.snapshots import Snapshots
from ledger.settings import MissingSetting, Settings
from ledger.store.log import LogReader

if TYPE_CHECKING:
    from ledger.providers.stripe.gateway import StripeGateway
    from ledger.providers.stripe.outbound import StripeOutbound

OBSERVERS: dict[str, Observer] = {"stripe": StripeObserver(READERS)}
"""Provider -> what its deliveries say. A provider is one folder and one line."""


def clock() -> datetime:
    """The time, asked for once per request or batch and passed on."""
    return datetime.now(UTC)


def rules(settings: Settings) -> Rules:
    """By what this ledger works deliveries off."""
    return Rules(OBSERVERS, settings.policy, settings.livemode)


def bookkeeper(settings: Settings, url: str) -> Bookkeeper:
    """The bookkeeper of the ledger at `url`."""
    names = settings.names
    return Bookkeeper(
        LogReader(url, names.inbox),
        LogReader(url, names.ledger),
        Ledger(url, names, pool_size=1),
        rules(settings),
        clock,
    )


def stripe_receiver(settings: Settings) -> Receiver:
    """The door for Stripe's webhooks. Raises MissingSetting without a secret to check them by."""
    if not settings.webhook_secrets:
        raise MissingSetting(
            "STRIPE_WEBHOOK_SECRET", "the endpoint's signing secret; `stripe listen` prints one"
        )
    return StripeReceiver(settings.webhook_secrets, settings.tolerance_seconds)


def stripe_gateway(settings: Settings) -> StripeGateway:
    """The way out to Stripe's API. Raises MissingSetting without a key for it."""
    from ledger.providers.stripe.gateway import StripeGateway  # a third of a second, seldom needed

    if settings.secret_key is None:
        raise MissingSetting("STRIPE_SECRET_KEY", "a key that may read events")
    return StripeGateway(settings.secret_key, settings.api_base)


def stripe_outbound(settings: Settings, account: str = "") -> StripeOutbound:
    """Checkout's calls to Stripe, in a connected account's name if one is given.

    Raises MissingSetting without a key for them.
    """
    from ledger.providers.stripe.client import Connection  # a third of a second, seldom needed
    from ledger.providers.stripe.outbound import StripeOutbound

    if settings.secret_key is None:
        raise MissingSetting("STRIPE_SECRET_KEY", "a key that may take payments")
    connection = Connection(settings.secret_key, settings.api_base, account=account)
    return StripeOutbound(connection, account)


def stripe_in_page(settings: Settings) -> InPage | None:
    """How pages take cards; None without a publishable key."""
    key = settings.publishable_key
    return in_page(key, settings.api_base, settings.livemode) if key else None


def fetcher(settings: Settings, url: str, kind: type[Snapshots] | type[Fees]) -> Fetcher:
    """A fetcher of the ledger at `url`. Raises MissingSetting without a key for Stripe."""
    names, gateway = settings.names, stripe_gateway(settings)
    to_keep, to_look = Inbox(url, names, pool_size=1), LogReader(url, names.inbox)
    stores = (
        LogReader(url, names.inbox),
        LogReader(url, names.ledger),
        Ledger(url, names, pool_size=1),
    )
    errands = kind(gateway, to_keep, to_look, clock)
    return Fetcher(errands, stores, settings.livemode, clock)


def inbox(settings: Settings, url: str, pool_size: int) -> Inbox:
    """The Inbox of the ledger at `url`, for `pool_size` writers at once."""
    return Inbox(url, settings.names, pool_size)
