"""Puts together what the API works with, by the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ledger.application import Ledger
from ledger.assembly import clock, stripe_in_page, stripe_outbound
from ledger.bookkeeper import stored_streams
from ledger.checkout.shop import Shop
from ledger.ids import Scope
from ledger.keys import all_keys, keys_stream
from ledger.settings import Settings
from ledger.store.log import LogReader
from projections.queries import Queries
from web.access.csrf import Csrf
from web.access.guard import Guard
from web.access.keys import KeyRing
from web.access.limits import Limits
from web.access.problems import NotConfigured
from web.access.tokens import Tokens
from web.api.endpoint import Office
from web.pages.desk import Desk

if TYPE_CHECKING:
    from ledger.providers.outbound import Outbound


def office(settings: Settings, url: str, limits: Limits, pool_size: int) -> Office:
    """The office of the ledger at `url`; without a key for Stripe it sells nothing."""
    names, tokens = settings.names, Tokens(settings.token_secrets, settings.livemode)
    ledger, stream = Ledger(url, names, pool_size), keys_stream(settings.livemode)
    keys = KeyRing(lambda: all_keys(ledger, stream))
    return Office(
        shop=shop(settings, url, ledger),
        ledger=ledger,
        queries=Queries(url, names, pool_size),
        guard=Guard(keys, tokens, limits),
        tokens=tokens,
        clock=clock,
        without=None if settings.secret_key else MISSING,
        trusted_proxies=settings.trusted_proxies,
    )


def desk(settings: Settings, inside: Office) -> Desk:
    """What the pages work with."""
    secrets = settings.token_secrets
    return Desk(
        inside,
        Csrf(secrets) if secrets else None,
        stripe_in_page(settings),
        settings.public_url,
        settings.livemode,
    )


def shop(settings: Settings, url: str, ledger: Ledger) -> Shop:
    """What checkout's commands need."""
    return Shop(
        ledger=ledger,
        load=stored_streams(LogReader(url, settings.names.ledger)),
        outbound=stripe_outbound(settings) if settings.secret_key else NO_WAY_OUT,
        brand=settings.brand,
        policy=settings.policy,
        scope=Scope("stripe", settings.livemode),
    )


MISSING = "STRIPE_SECRET_KEY"


class _NoWayOut:
    """Stands where a provider would be: whoever asks it anything is told what to set."""

    def __getattr__(self, name: str) -> object:
        raise NotConfigured(MISSING)


NO_WAY_OUT = cast("Outbound", _NoWayOut())
