"""Settings: read once from the environment, checked, frozen, and passed down."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import msgspec

from ledger.errors import SettingsError
from ledger.policy import Policy
from ledger.store.names import Names

KIBIBYTE = 1024


class Settings(msgspec.Struct, frozen=True):
    """What an operator sets. Secrets come from the environment only and are never shown."""

    database_url: str | None
    data_dir: Path
    webhook_secrets: tuple[str, ...]
    livemode: bool
    policy: Policy
    names: Names
    body_limit_bytes: int
    tolerance_seconds: int
    webhook_path: str

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Settings:
        """The settings of this process. Raises SettingsError, naming the variable that is wrong."""
        env = {name: value.strip() for name, value in environment.items()}
        return cls(
            database_url=env.get("DATABASE_URL") or None,
            data_dir=Path(env.get("BILLING_DATA_DIR") or ".data/postgres"),
            webhook_secrets=_secrets(env),
            livemode=_livemode(env),
            policy=Policy(
                timedelta(days=_whole(env, "BILLING_GRACE_DAYS", 7, 0, 366)),
                env.get("PLATFORM") or None,
            ),
            names=_names(env),
            body_limit_bytes=_whole(env, "BILLING_BODY_LIMIT_KIB", 1024, 1, 65536) * KIBIBYTE,
            tolerance_seconds=_whole(env, "BILLING_SIGNATURE_TOLERANCE_SECONDS", 300, 1, 86400),
            webhook_path=_path(env, "BILLING_WEBHOOK_PATH", "/webhooks/stripe"),
        )

    def __repr__(self) -> str:
        return f"Settings(livemode={self.livemode}, names={self.names})"


class MissingSetting(SettingsError):
    def __init__(self, name: str, need: str) -> None:
        super().__init__(f"{name} is not set: {need}")


class WrongSetting(SettingsError):
    """The value is never repeated: it may be a secret."""

    def __init__(self, name: str, need: str) -> None:
        super().__init__(f"{name} is wrong: {need}")


def _secrets(env: Mapping[str, str]) -> tuple[str, ...]:
    """The webhook secrets, separated by commas while one is rolled."""
    given = env.get("STRIPE_WEBHOOK_SECRET")
    if given is None:
        return ()
    secrets = tuple(each.strip() for each in given.split(","))
    if not all(each.startswith("whsec_") and len(each) > len("whsec_") for each in secrets):
        raise WrongSetting("STRIPE_WEBHOOK_SECRET", "each secret starts with whsec_ and goes on")
    return secrets


def _livemode(env: Mapping[str, str]) -> bool:
    """BILLING_MODE says it; without it the mode of the secret key does, and test is the default."""
    mode = env.get("BILLING_MODE") or ("live" if _live_key(env) else "test")
    if mode not in ("live", "test"):
        raise WrongSetting("BILLING_MODE", "live or test")
    if mode == "test" and _live_key(env):
        raise WrongSetting("BILLING_MODE", "a live STRIPE_SECRET_KEY needs live")
    return mode == "live"


def _live_key(env: Mapping[str, str]) -> bool:
    return env.get("STRIPE_SECRET_KEY", "").startswith(("sk_live_", "rk_live_"))


def _names(env: Mapping[str, str]) -> Names:
    """The schemas' names; each has a variable of its own."""
    defaults = Names()
    return Names(
        inbox=env.get("BILLING_INBOX_SCHEMA") or defaults.inbox,
        ledger=env.get("BILLING_LEDGER_SCHEMA") or defaults.ledger,
        projections=env.get("BILLING_PROJECTIONS_SCHEMA") or defaults.projections,
        finance=env.get("BILLING_FINANCE_SCHEMA") or defaults.finance,
    )


def _path(env: Mapping[str, str], name: str, default: str) -> str:
    path = env.get(name) or default
    if not re.fullmatch(r"(/[A-Za-z0-9._~-]+)+", path):
        raise WrongSetting(name, "a path such as /webhooks/stripe")
    return path


def _whole(env: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and least <= int(text) <= most):
        raise WrongSetting(name, f"a whole number from {least} to {most}")
    return int(text)
