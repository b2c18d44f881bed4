"""Settings: read once from the environment, checked, frozen, and passed down."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec
from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from ledger.checkout.brand import Brand
from ledger.policy import Policy
from ledger.reaction_settings import Reacting, reacting
from ledger.setting_values import MissingSetting, WrongSetting, choice, whole
from ledger.store.names import InvalidName, Names

__all__ = ("MissingSetting", "Sealing", "Settings", "WrongSetting", "child_environment")

KIBIBYTE = 1024
SECRET_LENGTH = 32  # 128 bits even when written in hexadecimal


DEFAULT_BRAND = Brand("Billing", "http://localhost")


class Sealing(msgspec.Struct, frozen=True):
    """How seals are made: with which key, how often, and where they are written besides.

    `trusted_keys` are public keys in hex whose seals are believed.
    """

    key: str | None = None
    key_file: Path | None = None
    folder: Path | None = None
    trusted_keys: tuple[str, ...] = ()
    most_events: int = 10_000
    most_seconds: int = 3_600

    @property
    def has_key(self) -> bool:
        return self.key is not None or self.key_file is not None

    def __repr__(self) -> str:
        return f"Sealing(folder={self.folder}, trusted_keys={self.trusted_keys})"


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
    brand: Brand = DEFAULT_BRAND
    publishable_key: str | None = None
    public_url: str | None = None
    reacting: Reacting = Reacting()

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of this process. Raises SettingsError, naming the variable that is wrong."""
        env = {name: value.strip() for name, value in environment.items()}
        return cls(
            database_url=_database_url(env),
            data_dir=Path(env.get("BILLING_DATA_DIR") or ".data/postgres"),
            webhook_secrets=_secrets(env),
            secret_key=env.get("STRIPE_SECRET_KEY") or None,
            api_base=_api_base(env),
            livemode=_livemode(env),
            policy=Policy(
                timedelta(days=whole(env, "BILLING_GRACE_DAYS", 7, 0, 366)),
                env.get("PLATFORM") or None,
            ),
            names=_names(env),
            body_limit_bytes=whole(env, "BILLING_BODY_LIMIT_KIB", 1024, 1, 65536) * KIBIBYTE,
            tolerance_seconds=whole(env, "BILLING_SIGNATURE_TOLERANCE_SECONDS", 300, 1, 86400),
            webhook_path=_path(env, "BILLING_WEBHOOK_PATH", "/webhooks/stripe"),
            token_secrets=_token_secrets(env),
            trusted_proxies=whole(env, "BILLING_TRUSTED_PROXIES", 0, 0, 9),
            sealing=_sealing(env),
            asks_fees=choice(env, "BILLING_FETCH_FEES", "yes", {"yes": True, "no": False}),
            brand=_brand(env),
            publishable_key=_publishable_key(env),
            public_url=_public_url(env),
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


def _secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """The webhook secrets, separated by commas while one is rolled."""
    given = env.get("STRIPE_WEBHOOK_SECRET")
    if given is None:
        return ()
    secrets = tuple(each.strip() for each in given.split(","))
    if not all(each.startswith("whsec_") and len(each) > len("whsec_") for each in secrets):
        raise WrongSetting("STRIPE_WEBHOOK_SECRET", "each secret starts with whsec_ and goes on")
    return secrets


def _token_secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """What customers' tokens are signed with: the first; the others are still taken."""
    given = env.get("BILLING_TOKEN_SECRET")
    if given is None:
        return ()
    secrets = tuple(each.strip() for each in given.split(","))
    if not all(len(each) >= SECRET_LENGTH for each in secrets):
        raise WrongSetting("BILLING_TOKEN_SECRET", f"{SECRET_LENGTH} characters or more each")
    return secrets


def _livemode(env: Mapping[str, str]) -> bool:
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


def _api_base(env: Mapping[str, str]) -> str:
    """Stripe's API, or a stand-in for it; a live key is never sent in the clear."""
    base = (env.get("STRIPE_API_BASE") or "https://api.stripe.com").rstrip("/")
    scheme = "https" if _key_mode(env) == "live" else "https?"
    if not re.fullmatch(rf"{scheme}://([A-Za-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{{1,5}})?", base):
        raise WrongSetting("STRIPE_API_BASE", "https://host, or http://host with a test key")
    return base


def _names(env: Mapping[str, str]) -> Names:
    """The schemas' names; each has a variable of its own."""
    given = {field: env[name] for field, name in _SCHEMAS.items() if env.get(name)}
    for field, value in given.items():
        try:
            Names(**{field: value})
        except InvalidName:
            need = "up to 50 letters, digits and underscores, no digit first"
            raise WrongSetting(_SCHEMAS[field], need) from None
    names = Names(**given)
    if len(set(names.schemas)) < len(names.schemas):
        raise WrongSetting(", ".join(_SCHEMAS[field] for field in given), "a different name each")
    return names


_SCHEMAS = {
    "inbox": "BILLING_INBOX_SCHEMA",
    "ledger": "BILLING_LEDGER_SCHEMA",
    "projections": "BILLING_PROJECTIONS_SCHEMA",
    "finance": "BILLING_FINANCE_SCHEMA",
    "reactions": "BILLING_REACTIONS_SCHEMA",
}


def _database_url(env: Mapping[str, str]) -> str | None:
    url = env.get("DATABASE_URL") or None
    try:
        conninfo_to_dict(url or "")
    except ProgrammingError:  # its sentence repeats parts of the URL, which holds a password
        need = "an address such as postgresql://user@host/database"
        raise WrongSetting("DATABASE_URL", need) from None
    return url


def _brand(env: Mapping[str, str]) -> Brand:
    """Under which name things are sold; without one it is the platform's."""
    platform = env.get("PLATFORM") or None
    name = env.get("BILLING_APP_NAME") or platform or DEFAULT_BRAND.name
    url = env.get("BILLING_APP_URL") or DEFAULT_BRAND.url
    product_id = env.get("STRIPE_CREDITS_PRODUCT_ID") or None
    if not name.isprintable() or len(name) > 100:
        raise WrongSetting("BILLING_APP_NAME", "up to 100 printable characters")
    if not re.fullmatch(r"https?://[!-~]{1,200}", url):
        raise WrongSetting("BILLING_APP_URL", "an address such as https://app.example")
    if product_id and not re.fullmatch(r"prod_[!-~]{1,200}", product_id):
        raise WrongSetting("STRIPE_CREDITS_PRODUCT_ID", "it starts with prod_ and goes on")
    return Brand(name, url, platform, product_id)


def _publishable_key(env: Mapping[str, str]) -> str | None:
    """The key pages may show; one of another mode could not see what the secret key makes."""
    key = env.get("STRIPE_PUBLISHABLE_KEY") or None
    mode = "live" if _livemode(env) else "test"
    if key and not re.fullmatch(rf"pk_{mode}_\S+", key):
        need = f"it starts with pk_{mode}_, as the other keys are for {mode}"
        raise WrongSetting("STRIPE_PUBLISHABLE_KEY", need)
    return key


def _public_url(env: Mapping[str, str]) -> str | None:
    """Where browsers reach the pages; without HTTPS on this machine only."""
    url = (env.get("BILLING_PUBLIC_URL") or "").rstrip("/") or None
    if url and not re.fullmatch(r"https://[\w.:-]+|http://(localhost|127\.0\.0\.1)(:\d+)?", url):
        raise WrongSetting("BILLING_PUBLIC_URL", "https://host, or http://localhost")
    return url


def _sealing(env: Mapping[str, str]) -> Sealing:
    key = env.get("BILLING_SEAL_KEY") or None
    if key is not None and not _HEX_KEY.fullmatch(key):
        raise WrongSetting("BILLING_SEAL_KEY", "64 hexadecimal digits, in lower case")
    trusted = env.get("BILLING_SEAL_TRUSTED_KEYS") or None
    trusted_keys = tuple(each.strip() for each in trusted.split(",")) if trusted else ()
    if not all(map(_HEX_KEY.fullmatch, trusted_keys)):
        raise WrongSetting("BILLING_SEAL_TRUSTED_KEYS", "public keys of 64 hexadecimal digits")
    key_file, folder = env.get("BILLING_SEAL_KEY_FILE"), env.get("BILLING_SEAL_DIR")
    return Sealing(
        key=key,
        key_file=Path(key_file) if key_file else None,
        folder=Path(folder) if folder else None,
        trusted_keys=trusted_keys,
        most_events=whole(env, "BILLING_SEAL_EVENTS", 10_000, 1, 100_000),
        most_seconds=whole(env, "BILLING_SEAL_SECONDS", 3_600, 1, 31_622_400),
    )


_HEX_KEY = re.compile("[0-9a-f]{64}")


def _path(env: Mapping[str, str], name: str, default: str) -> str:
    path = env.get(name) or default
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", path):
        raise WrongSetting(name, "a path such as /webhooks/stripe")
    return path
