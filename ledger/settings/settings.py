"""Settings: read once from the environment, checked, frozen, and passed down."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from ledger.checkout.brand import Brand
from ledger.policy import Policy
from ledger.settings import serving, storing, stripe
from ledger.settings.reacting import Reacting, reacting
from ledger.settings.sealing import Sealing, sealing
from ledger.settings.values import choice, whole
from ledger.store.names import Names

KIBIBYTE = 1024


class Settings(msgspec.Struct, frozen=True):
    """What an operator sets. Secrets come from the environment only and are never shown."""

    database_url: str | None
    data_dir: Path
    webhook_secrets: tuple[str, ...]
    secret_key: str | None
    api_base: str
    livemode: bool
    policy: Policy
    names: Names
    body_limit_bytes: int
    tolerance_seconds: int
    webhook_path: str
    token_secrets: tuple[str, ...]
    trusted_proxies: int
    sealing: Sealing = Sealing()
    asks_fees: bool = True
    brand: Brand = serving.DEFAULT_BRAND
    publishable_key: str | None = None
    public_url: str | None = None
    reacting: Reacting = Reacting()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of this process. Raises SettingsError, naming the variable that is wrong."""
        env = {name: value.strip() for name, value in environment.items()}
        return cls(
            database_url=storing.database_url(env),
            data_dir=Path(env.get("BILLING_DATA_DIR") or ".data/postgres"),
            webhook_secrets=stripe.webhook_secrets(env),
            secret_key=env.get("STRIPE_SECRET_KEY") or None,
            api_base=stripe.api_base(env),
            livemode=stripe.livemode(env),
            policy=Policy(
                timedelta(days=whole(env, "BILLING_GRACE_DAYS", 7, 0, 366)),
                env.get("PLATFORM") or None,
            ),
            names=storing.names(env),
            body_limit_bytes=whole(env, "BILLING_BODY_LIMIT_KIB", 1024, 1, 65536) * KIBIBYTE,
            tolerance_seconds=whole(env, "BILLING_SIGNATURE_TOLERANCE_SECONDS", 300, 1, 86400),
            webhook_path=serving.path(env, "BILLING_WEBHOOK_PATH", "/webhooks/stripe"),
            token_secrets=serving.token_secrets(env),
            trusted_proxies=whole(env, "BILLING_TRUSTED_PROXIES", 0, 0, 9),
            sealing=sealing(env),
            asks_fees=choice(env, "BILLING_FETCH_FEES", "yes", {"yes": True, "no": False}),
            brand=serving.brand(env),
            publishable_key=stripe.publishable_key(env),
            public_url=serving.public_url(env),
            reacting=reacting(env),
        )

    @property
    def fetches_fees(self) -> bool:
        """Whether Stripe is asked what payments cost: there is a key, and it may."""
        return bool(self.secret_key) and self.asks_fees

    def __repr__(self) -> str:
        return f"Settings(livemode={self.livemode}, names={self.names})"


def child_environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment for one it starts, with some settings changed."""
    return {**os.environ, **settings}
