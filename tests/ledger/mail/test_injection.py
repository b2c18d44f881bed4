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
    found = message_from_bytes(content, policy=SMTP)
    assert isinstance(found, EmailMessage)
    assert set(found.keys()) == HEADERS
    assert len(found.keys()) == len(HEADERS)
    return found


@settings(max_examples=300)
@given(ODD)
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
        assert [each.addr_spec for each in arrived(mail)["To"].addresses] == [envelope]


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
