"""Mails are looked at as customers would see them: of a folder, served or as files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from itertools import product
from pathlib import Path

import pytest

from ledger.checkout.brand import Brand
from ledger.ids import Scope
from ledger.mail.letter import Letter
from ledger.mail.posting import keep
from ledger.mail.sending import TEMPLATES, message
from ledger.mail.templates import written
from ledger.mail.words import NO_BREAK
from ledger.money import Money
from ledger.reactions.effects import Task, World
from ledger.settings import Settings
from ledger.settings.mail import LANGUAGES
from tests.browser.conftest import MISSING, SCREENSHOTS
from tests.browser.house import House
from tests.browser.window import SIZES, Window, chromium
from web.sandbox.api import World as Sandbox
from web.sandbox.api import create_stand_in
from web.sandbox.api.server import serving
from web.sandbox.mails.delivering import write

BRAND = Brand("Chess School", "https://chess.example/account")
AT = datetime(2026, 9, 1, 9, 30, tzinfo=UTC)
MONTH = timedelta(days=30)
LETTER = Letter(
    about="",
    at=AT,
    amounts={
        **{"paid": Money(1900, "eur"), "owed": Money(1900, "eur"), "payment": Money(4900, "eur")},
        **{"refunded": Money(1250, "eur"), "in_all": Money(2500, "eur")},
        **{"disputed": Money(4900, "eur"), "next_bill": Money(1900, "eur")},
    },
    times={
        **{"paid_at": AT, "started_at": AT, "payment_at": AT, "covers_from": AT},
        **dict.fromkeys(("next_try_at", "trial_ends_at"), AT + timedelta(days=3)),
        **dict.fromkeys(("covers_until", "ended_at", "renews_at", "next_bill_at"), AT + MONTH),
        "ends_at": datetime(2027, 1, 1, tzinfo=UTC),
    },
    words={
        **{"item": "Premium", "number": "CHESS-0042", "attempt": 2, "status": "open"},
        **{"brand": "visa", "last4": "4242", "quantity": 1, "credits": 500, "available": 1520},
    },
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every mail there is in each language, as it is posted, and a file that is none."""
    folder = tmp_path_factory.mktemp("mails")
    for number, (language, template) in enumerate(product(LANGUAGES, TEMPLATES)):
        keep(posted(template, language, AT + timedelta(hours=number)), folder)
    (folder / "half.eml").write_bytes(b"\0\xff")
    return folder


def posted(template: str, language: str, at: datetime) -> EmailMessage:
    environment = {"BILLING_APP_NAME": BRAND.name, "BILLING_MAIL_FROM": "billing@chess.example"}
    world = World(Settings.from_environment(environment), lambda _: {}, lambda: at)
    task = Task(f"{language}:{template}", f"mail.{template}", Scope("stripe", False), at, at, {})
    words = written(template, language, LETTER, BRAND)
    return message(task, world, Address("", "ann", "customers.example"), words)


def page(template: str, language: str) -> str:
    """Where a mail is shown."""
    name = str(posted(template, language, AT)["Message-ID"]).strip("<>").partition("@")[0]
    return f"{name}.eml.html"


@pytest.fixture(scope="module")
def looking(folder: Path) -> Iterator[Window]:
    """The stand-in with that folder, and a browser."""
    if MISSING:
        pytest.skip(f"there is no {' and no '.join(MISSING)} here")
    with (
        serving(create_stand_in(Sandbox(), folder)) as address,
        chromium(House(address, address, ""), SCREENSHOTS) as window,
    ):
        yield window


@pytest.fixture
def window(looking: Window) -> Iterator[Window]:
    """That browser; it must have nothing to complain of afterwards."""
    looking.forget()
    looking.go("/mails")
    yield looking
    assert looking.complaints() == []


def test_the_list_leads_to_each_mail_and_back(window: Window) -> None:
    window.heading("Mails")
    window.says(".sandbox", "no mail is sent")
    window.says("#mails", f"{len(LANGUAGES) * len(TEMPLATES) + 1} mails")
    window.shoot("mails")
    subject = "Receipt from Chess School: €19.00"
    window.click(f"a[href='{page('receipt', 'en')}']")
    window.heading(subject)
    window.says("dl", "ann@customers.example")
    window.says("pre", "Amount: €19.00")
    window.shoot("mail")
    window.press("All mails")
    window.heading("Mails")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_mail_is_readable_in_a_narrow_client(window: Window, language: str) -> None:
    window.resize(*SIZES["narrow"])
    for template in TEMPLATES:
        window.go(f"/mails/{page(template, language)}")
        subject = written(template, language, LETTER, BRAND).subject
        with window.frame("iframe"):
            window.says("h1", subject.replace(NO_BREAK, " "))
            assert window.attribute("a", "href") == BRAND.url
            script = "return [document.documentElement.scrollWidth, window.innerWidth]"
            wide, room = window.look(script)
            assert wide <= room, template


def test_a_new_mail_shows_up_by_itself(window: Window, folder: Path) -> None:
    window.heading("Mails")
    late = posted("receipt", "en", AT + timedelta(days=9))
    late.replace_header("Subject", "The newest of all")
    late.replace_header("Message-ID", "<late@chess.example>")
    try:
        keep(late, folder)
        window.says("#mails li", "The newest of all")
        window.says("#said", "A new mail came.")
    finally:
        (folder / "late.eml").unlink()


def test_a_broken_file_is_said_to_be_one(window: Window) -> None:
    window.click("a[href='half.eml.html']")
    window.heading("half.eml")
    window.says("main", "cannot be read")


def test_written_as_files_it_is_the_same_without_a_server(window: Window, folder: Path) -> None:
    window.driver.get(write(folder).resolve().as_uri())
    window.heading("Mails")
    window.click(f"a[href='{page('receipt', 'en')}']")
    with window.frame("iframe"):
        window.says("body", "Chess School")
    window.press("All mails")
    window.heading("Mails")
