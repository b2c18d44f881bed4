"""Settings are checked at the start; a wrong one is named, and no value is ever shown."""

import traceback
from datetime import timedelta
from pathlib import Path

import pytest

from ledger.checkout.brand import Brand
from ledger.errors import SettingsError
from ledger.policy import Policy
from ledger.settings import Settings
from ledger.store.names import Names


def settings(**environment: str) -> Settings:
    return Settings.from_environment(environment)


def test_without_any_variable_there_is_a_test_ledger_of_its_own() -> None:
    assert settings() == Settings(
        database_url=None,
        data_dir=Path(".data/postgres"),
        webhook_secrets=(),
        secret_key=None,
        api_base="https://api.stripe.com",
        livemode=False,
        policy=Policy(grace=timedelta(days=7), platform=None),
        names=Names(),
        body_limit_bytes=1024 * 1024,
        tolerance_seconds=300,
        webhook_path="/webhooks/stripe",
        token_secrets=(),
        trusted_proxies=0,
    )


def test_every_variable_is_read() -> None:
    assert settings(
        DATABASE_URL="postgresql://ann@db.example.org/billing",
        BILLING_DATA_DIR="somewhere",
        STRIPE_WEBHOOK_SECRET="whsec_new, whsec_old",
        STRIPE_SECRET_KEY="sk_live_1",
        STRIPE_API_BASE="https://stripe.example.org:8443/",
        BILLING_MODE="live",
        BILLING_GRACE_DAYS="0",
        PLATFORM="LEAD",
        BILLING_INBOX_SCHEMA="a",
        BILLING_LEDGER_SCHEMA="b",
        BILLING_PROJECTIONS_SCHEMA="c",
        BILLING_FINANCE_SCHEMA="d",
        BILLING_BODY_LIMIT_KIB="64",
        BILLING_SIGNATURE_TOLERANCE_SECONDS="60",
        BILLING_WEBHOOK_PATH="/api/stripe/webhook",
        BILLING_TOKEN_SECRET=f"{'n' * 32}, {'o' * 32}",
        BILLING_TRUSTED_PROXIES="1",
        BILLING_APP_NAME="LEAD Academy",
        BILLING_APP_URL="https://lead.example",
        **{"STRIPE_CREDITS_PRODUCT_ID": "prod_1", "STRIPE_PRODUCT_ID": "prod_2"},
        STRIPE_PUBLISHABLE_KEY="pk_live_1",
    ) == Settings(
        database_url="postgresql://ann@db.example.org/billing",
        data_dir=Path("somewhere"),
        webhook_secrets=("whsec_new", "whsec_old"),
        secret_key="sk_live_1",
        api_base="https://stripe.example.org:8443",
        livemode=True,
        policy=Policy(grace=timedelta(), platform="LEAD"),
        names=Names("a", "b", "c", "d"),
        body_limit_bytes=64 * 1024,
        tolerance_seconds=60,
        webhook_path="/api/stripe/webhook",
        token_secrets=("n" * 32, "o" * 32),
        trusted_proxies=1,
        brand=Brand("LEAD Academy", "https://lead.example", "LEAD", "prod_1", "prod_2"),
        publishable_key="pk_live_1",
    )


def test_spaces_around_a_value_do_not_count_and_an_empty_one_is_none() -> None:
    assert settings(BILLING_MODE=" live\n").livemode
    assert settings(DATABASE_URL="  ", BILLING_GRACE_DAYS="", PLATFORM="") == settings()


@pytest.mark.parametrize(
    ("environment", "live"),
    [
        ({}, False),
        ({"STRIPE_SECRET_KEY": "sk_test_1"}, False),
        ({"STRIPE_SECRET_KEY": "rk_live_1"}, True),
        ({"STRIPE_SECRET_KEY": "sk_live_1", "BILLING_MODE": "live"}, True),
        ({"BILLING_MODE": "live"}, True),
    ],
)
def test_the_mode_is_said_or_follows_the_key(environment: dict[str, str], live: bool) -> None:
    assert settings(**environment).livemode is live


@pytest.mark.parametrize(
    ("environment", "asked"),
    [
        ({}, False),
        ({"STRIPE_SECRET_KEY": "sk_test_1"}, True),
        ({"STRIPE_SECRET_KEY": "sk_test_1", "BILLING_FETCH_FEES": "yes"}, True),
        ({"STRIPE_SECRET_KEY": "sk_test_1", "BILLING_FETCH_FEES": "no"}, False),
        ({"BILLING_FETCH_FEES": "yes"}, False),
    ],
)
def test_fees_are_asked_for_with_a_key_and_unless_told_not_to(
    environment: dict[str, str], asked: bool
) -> None:
    assert settings(**environment).fetches_fees is asked


@pytest.mark.parametrize(
    ("environment", "brand"),
    [
        ({}, Brand("Billing", "http://localhost")),
        ({"PLATFORM": "LEAD"}, Brand("LEAD", "http://localhost", "LEAD")),
        ({"BILLING_APP_NAME": "Chess & Co"}, Brand("Chess & Co", "http://localhost")),
    ],
)
def test_what_is_sold_is_sold_under_the_name_of_the_application_or_platform(
    environment: dict[str, str], brand: Brand
) -> None:
    assert settings(**environment).brand == brand


@pytest.mark.parametrize("name", ["two\nlines", "x" * 101])
def test_a_name_no_receipt_could_show_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="BILLING_APP_NAME is wrong"):
        settings(BILLING_APP_NAME=name)


@pytest.mark.parametrize(("key", "mode"), [("pk_live_1", "test"), ("pk_test_1", "live")])
def test_a_publishable_key_of_the_other_mode_is_refused(key: str, mode: str) -> None:
    with pytest.raises(SettingsError, match="STRIPE_PUBLISHABLE_KEY is wrong"):
        settings(STRIPE_PUBLISHABLE_KEY=key, BILLING_MODE=mode)


def test_the_pages_address_has_no_slash_at_its_end() -> None:
    assert settings(BILLING_PUBLIC_URL="https://pay.example/").public_url == "https://pay.example"
    assert settings(BILLING_PUBLIC_URL="http://localhost:8000").public_url is not None


TELLING = "hunter2 !"
WRONG = [
    *[
        ("STRIPE_WEBHOOK_SECRET", value)
        for value in ("", ",", "whsec_", "sk_x", "whsec_a,,whsec_b")
    ],
    *[("STRIPE_PUBLISHABLE_KEY", value) for value in ("sk_test_x", "pk_test_", "pk_x")],
    *[("STRIPE_CREDITS_PRODUCT_ID", value) for value in ("price_1", "prod_", "prod_a b")],
    *[("STRIPE_PRODUCT_ID", value) for value in ("price_1", "prod_")],
    *[
        ("BILLING_APP_URL", value)
        for value in ("lead.example", "ftp://x", "https://", "https://a b")
    ],
    *[
        ("BILLING_PUBLIC_URL", value)
        for value in ("pay.example", "http://pay.example", "https://pay.example/path", "https://")
    ],
    *[("BILLING_MODE", value) for value in ("Live", "production")],
    *[("BILLING_FETCH_FEES", value) for value in ("Yes", "1", "false")],
    *[("STRIPE_SECRET_KEY", value) for value in ("pk_live_x", "sk_x", "whsec_x", "sk_live_")],
    *[
        ("STRIPE_API_BASE", value)
        for value in ("api.stripe.com", "ftp://x", "http://x/v1", "https://a@b", "https://x:port")
    ],
    *[
        ("BILLING_GRACE_DAYS", value)
        for value in ("-1", "7.5", "367", "seven", "\u0667", "9" * 5000)
    ],
    *[("BILLING_BODY_LIMIT_KIB", value) for value in ("0", "65537", "1M")],
    *[("BILLING_SIGNATURE_TOLERANCE_SECONDS", value) for value in ("0", "86401")],
    *[("BILLING_WEBHOOK_PATH", value) for value in ("hook", "/", "/a//b", "/a b", "/<x>", "/a/")],
    *[("BILLING_TOKEN_SECRET", value) for value in ("", "x" * 31, f"{'x' * 32},short")],
    *[("BILLING_TRUSTED_PROXIES", value) for value in ("-1", "10", "all")],
    *[("BILLING_INBOX_SCHEMA", value) for value in ("x" * 51, 'a"b', "1a", "a-b", "ä")],
    ("BILLING_LEDGER_SCHEMA", "billing_inbox"),
    ("BILLING_PROJECTIONS_SCHEMA", "finance"),
    ("BILLING_FINANCE_SCHEMA", "a;b"),
    *[("DATABASE_URL", value) for value in ("hunter2", "postgresql://ann:hunter2@[::1/x")],
]


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_is_refused_by_the_name_of_its_variable(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"^{name} is wrong: "):
        settings(**{name: value})


@pytest.mark.parametrize("name", sorted({name for name, _ in WRONG}))
def test_a_wrong_value_is_never_repeated(name: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        settings(**{name: TELLING})

    assert TELLING not in "".join(traceback.format_exception(refusal.value))


@pytest.mark.parametrize(("key", "mode"), [("sk_live_1", "test"), ("sk_test_1", "live")])
def test_a_key_of_the_other_mode_is_refused(key: str, mode: str) -> None:
    with pytest.raises(SettingsError, match="BILLING_MODE is wrong: STRIPE_SECRET_KEY is a key"):
        settings(STRIPE_SECRET_KEY=key, BILLING_MODE=mode)


def test_a_stand_in_without_encryption_serves_test_keys_only() -> None:
    address = "http://127.0.0.1:12111"

    assert settings(STRIPE_SECRET_KEY="sk_test_1", STRIPE_API_BASE=address).api_base == address
    with pytest.raises(SettingsError, match="STRIPE_API_BASE is wrong"):
        settings(STRIPE_SECRET_KEY="sk_live_1", STRIPE_API_BASE=address)


def test_settings_never_show_a_secret() -> None:
    shown = settings(
        STRIPE_WEBHOOK_SECRET="whsec_hunter2",
        STRIPE_SECRET_KEY="sk_test_hunter2",
        DATABASE_URL="postgresql://ann:hunter2@db/billing",
        BILLING_TOKEN_SECRET="hunter2" * 5,
    )

    for text in (repr(shown), str(shown), f"{shown}", f"{shown!r:>5}", repr([shown])):
        assert "hunter2" not in text
