"""Whatever names, numbers and addresses hold, a mail has our headers and one recipient."""

from __future__ import annotations

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import getaddresses

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ledger.aggregates.customer import Identified
from ledger.mail.recipient import NoRecipient, recipient
from ledger.mail.sending import message
from ledger.mail.templates import Written
from ledger.reactions.effects import Task
from tests.ledger.given import SCOPE, START
from tests.ledger.mail.given import Life
from tests.ledger.mail.test_sending import CUSTOMER, bought, details
from tests.ledger.mail.test_telling import PURCHASE

HEADERS = {
    *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-Billing-Mail"),
    *("MIME-Version", "Content-Type"),
}
PARTS = (
    *("\r\n", "\n", "\r", "\t", " ", "\x00", "\x85", "\u2028", "ä", "ann", "@", "b.example"),
    *(
        "用户",
        "\u0308",
        "\u202e",
        "\u200b",
        "\uff20",
        "\u3002",
        "ß",
        "münchen.de",
        "@bücher.example",
    ),
    *("Bcc: x@y.example", "=?utf-8?q?=0ABcc:x=40y.example?=", "=?", "?=", '"', "<", ">", ",", ";"),
    *(":", "(", ")", "[", "]", "\\", "."),
)
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
ODD = TEXT | st.lists(st.sampled_from(PARTS), max_size=9).map("".join)
TASK = Task("reaction/stripe/test//mail.receipt:x", "mail.receipt", SCOPE, START, START, {})


def to(email: str) -> EmailMessage | None:
    """A mail to who has this address; None if nobody can be written to."""
    life = bought(details(email), Identified(customer_id="ann"))
    try:
        address = recipient(life.world, PURCHASE).address
    except NoRecipient:
        return None
    return message(TASK, life.world, address, Written("Hello", "Hello", "<p>Hello</p>"))


def arrived(mail: EmailMessage) -> EmailMessage:
    """As it is read at the other end."""
    content = mail.as_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    found = message_from_bytes(content, policy=SMTP)  # it reads UTF-8 as bytes of no charset
    assert isinstance(found, EmailMessage)
    assert set(found.keys()) == HEADERS
    assert len(found.keys()) == len(HEADERS)
    return found


def said(address: str) -> str:
    """An address as it was written."""
    return address.encode(errors="surrogateescape").decode()


@settings(max_examples=300)
@given(ODD)
@example("用" * 60 + "@b.example")
@example("ä.ö" * 20 + "+x@" + "ü." * 5 + "example")
@example("=?utf-8?q?=0Aänn?=@b.example")
@example(":")
@example("0@[")
@example("=?utf-8?q?=0Aann?=@b.example")
@example("=?utf-8?q?=0ABcc=3Ax?=@b.example")
@example("ann:x@b.example")
@example("ann@b.example,c@d.example")
@example('"ann@b.example\r\nBcc: x"@y.example')
@example("ann@b.example\nBcc: c@d.example")
def test_any_address_is_one_recipient_or_none(email: str) -> None:
    mail = to(email)

    if mail is not None:
        [(_, envelope)] = getaddresses([str(mail["To"])])
        found = arrived(mail)["To"].addresses
        assert [said(each.addr_spec) for each in found] == [envelope]
        assert b"=?" not in mail.as_bytes().split(b"\r\nSubject:")[0], "no server reads it there"


@settings(max_examples=300)
@given(ODD.map(lambda name: " ".join(name.split())), ODD)
@example("=??Q?=0A", "")
@example("=?utf-8?q?=0ABcc:x=40y.example?=", "\r\n.\r\nQUIT\r\n")
def test_any_name_is_words_of_one_mail(name: str, text: str) -> None:
    life = Life()
    life.happen(CUSTOMER, details(), Identified(customer_id="ann"))
    written = to("ann@customers.example")
    assert written
    address = written["To"].addresses[0]

    mail = message(TASK, life.world, address, Written(name, text, text))

    assert [each.addr_spec for each in arrived(mail)["To"].addresses] == ["ann@customers.example"]


@pytest.mark.parametrize("email", ["ann@b.example", " ann@b.example ", "o'neil+x@b.example"])
def test_usual_addresses_are_written_to(email: str) -> None:
    mail = to(email)

    assert mail
    assert str(arrived(mail)["To"]) == email.strip()


@pytest.mark.parametrize(
    ("email", "written"),
    [
        ("änn@b.example", "änn@b.example"),
        ("हिन्दी@b.example", "हिन्दी@b.example"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("ann@BÜCHER.example", "ann@xn--bcher-kva.example"),
        ("用户@例え.jp", "用户@xn--r8jz45g.jp"),
        ("ann@faß.de", None),  # by the rules of 2003 it is fass.de, which is somebody else's
        ("ann@ex\u200dample.de", None),
        ("ann@b。example", None),
        ("a\u202enn@b.example", None),
        ("ann\u2028@b.example", None),
        ("\udc80nn@b.example", None),
        ("ann@\udc80.example", None),
        ("用" * 90 + "@b.example", None),
    ],
)
def test_addresses_of_other_scripts_are_written_as_they_are(
    email: str, written: str | None
) -> None:
    mail = to(email)

    assert (str(mail["To"]) if mail else None) == written
    assert mail is None or written is None or f"To: {written}\r\n".encode() in mail.as_bytes()
