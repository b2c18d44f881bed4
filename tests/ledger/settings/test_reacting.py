"""Where mail goes and who is called is checked at the start; secrets are never shown."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest

from ledger.errors import SettingsError
from ledger.settings import Settings
from ledger.settings.dunning import Dunning
from ledger.settings.mail import MailServer
from ledger.settings.outgoing import Endpoint
from ledger.settings.reacting import Reacting

SECRET, OTHER = "whsec_" + "c2VjcmV0" * 4, "whsec_" + "b3RoZXIg" * 4
FROM = {"BILLING_MAIL_FROM": "billing@app.example"}


def reacting(**environment: str) -> Reacting:
    return Settings.from_environment(environment).reacting


def test_without_settings_there_is_nothing_to_do() -> None:
    assert reacting() == Reacting()
    assert not Reacting().reacts


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", MailServer("mail.example", 587, "starttls")),
        ("smtps://mail.example", MailServer("mail.example", 465, "implicit")),
        ("smtp://mail.example:25?tls=none", MailServer("mail.example", 25, "none")),
        (
            "smtp://ann%40x:p%3Aw@127.0.0.1:2525/?tls=none",
            MailServer("127.0.0.1", 2525, "none", "ann@x", "p:w"),
        ),
    ],
)
def test_a_mail_server_is_named_by_its_address(url: str, server: MailServer) -> None:
    assert reacting(BILLING_SMTP_URL=url, **FROM).server == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example",
        "http://mail.example",
        "smtp://",
        "smtp://mail.example:port",
        "smtp://mail.example?tls=maybe",
        "smtps://mail.example?tls=none",
        "smtp://mail.example/path",
        "smtp://[mail.example",
        "smtp://ann:hush@mail.example?tls=none",
        "smtps://ann:hush@mail.example?ca_file=/nowhere",
    ],
)
def test_a_wrong_address_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(SettingsError, match="BILLING_SMTP_URL") as refusal:
        reacting(BILLING_SMTP_URL=url, **FROM)

    assert "hush" not in "".join(traceback.format_exception(refusal.value))


def test_all_else_about_mail_is_read() -> None:
    found = reacting(
        BILLING_MAIL_DIR="mail",
        BILLING_MAIL_LANGUAGE="de",
        BILLING_MAIL_NOTICE_DAYS="7",
        BILLING_MAIL_CREDITS_LOW="0",
        BILLING_EFFECT_TIMEOUT_SECONDS="3",
        **FROM,
    )

    assert found == Reacting(None, Path("mail"), "billing@app.example", "de", 7, 0, (), 3)
    assert found.mails
    assert found.reacts


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("BILLING_MAIL_FROM", {"BILLING_SMTP_URL": "smtp://mail.example"}),
        ("BILLING_MAIL_FROM", {"BILLING_MAIL_FROM": "Ann <ann@x>"}),
        ("BILLING_MAIL_FROM", {"BILLING_MAIL_FROM": "a@b\nBcc:c@d"}),
        ("BILLING_MAIL_LANGUAGE", {"BILLING_MAIL_LANGUAGE": "fr"}),
        ("BILLING_MAIL_DIR", {"BILLING_MAIL_DIR": "x", "BILLING_SMTP_URL": "smtp://m.example"}),
        ("BILLING_MAIL_NOTICE_DAYS", {"BILLING_MAIL_NOTICE_DAYS": "-1"}),
        ("BILLING_EFFECT_TIMEOUT_SECONDS", {"BILLING_EFFECT_TIMEOUT_SECONDS": "0"}),
    ],
)
def test_what_is_wrong_is_named(name: str, environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=name):
        reacting(**environment)


def test_endpoints_are_called_with_their_own_secrets() -> None:
    given = f"https://a.example/hooks?x=1 {SECRET},\n http://localhost:8000 {SECRET} {OTHER}"

    found = reacting(BILLING_OUTGOING_WEBHOOKS=given)

    assert found.endpoints == (
        Endpoint("https://a.example/hooks?x=1", (SECRET,)),
        Endpoint("http://localhost:8000", (SECRET, OTHER)),
    )
    assert found.reacts
    assert not found.mails
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    "given",
    [
        "https://a.example/hooks",
        f"http://a.example/hooks {SECRET}",
        f"ftp://a.example {SECRET}",
        f"https://user@a.example {SECRET}",
        f"https://a.example/#there {SECRET}",
        f"https:// {SECRET}",
        f"https://a.example:port {SECRET}",
        "https://a.example whsec_c2hvcnQ=",
        "https://a.example whsec_no+base64!",
        f"https://a.example {SECRET[6:]}",
        f"https://a.example {SECRET},",
        f"https://a.example {SECRET},https://a.example {OTHER}",
    ],
)
def test_endpoints_that_are_unsafe_or_cannot_be_signed_for_are_refused(given: str) -> None:
    with pytest.raises(SettingsError, match="BILLING_OUTGOING_WEBHOOKS") as refusal:
        reacting(BILLING_OUTGOING_WEBHOOKS=given)

    assert SECRET not in str(refusal.value)


@pytest.mark.parametrize(
    ("policy", "days"), [("", None), ("follow", None), ("own:0", 0), ("own:14", 14)]
)
def test_unpaid_plans_end_when_that_is_asked_for(policy: str, days: int | None) -> None:
    found = reacting(
        BILLING_DUNNING_DOWNGRADE="starter", BILLING_DUNNING=policy, STRIPE_SECRET_KEY="sk_test_1"
    )

    assert found.dunning == Dunning(days)
    assert found.reacts


def test_no_plan_ends_unless_that_is_asked_for() -> None:
    assert reacting(BILLING_DUNNING="own:7", STRIPE_SECRET_KEY="sk_test_1").dunning is None


@pytest.mark.parametrize(
    ("name", "environment"),
    [
        ("BILLING_DUNNING", {"BILLING_DUNNING": "own:soon"}),
        ("BILLING_DUNNING", {"BILLING_DUNNING": "own:9999"}),
        ("BILLING_DUNNING_DOWNGRADE", {"BILLING_DUNNING_DOWNGRADE": "on"}),
        ("STRIPE_SECRET_KEY", {"BILLING_DUNNING_DOWNGRADE": "starter"}),
    ],
)
def test_a_wrong_policy_is_named(name: str, environment: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=name):
        reacting(**environment)
