"""A mail leaves over TLS where that is asked for, and what goes wrong is told without secrets."""

from __future__ import annotations

import ipaddress
import logging
import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from ledger.aggregates.customer import Identified
from ledger.mail.posting import post
from ledger.mail.recipient import recipient
from ledger.mail.sending import message
from ledger.mail.templates import Written
from ledger.reactions.effects import EffectFailed
from ledger.settings import Settings
from ledger.settings.reacting import Reacting
from tests.ledger.mail.test_injection import TASK
from tests.ledger.mail.test_sending import bought, details
from tests.ledger.mail.test_telling import PURCHASE
from tests.support.mail_server import PASSWORD, USER, MailServer, mail_server


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "made up")])
    now = datetime.now(UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path_factory.mktemp("certificate") / "both.pem"
    pem, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    secret = key.private_bytes(pem, form, serialization.NoEncryption())
    file.write_bytes(made.public_bytes(pem) + secret)
    return file


@pytest.fixture
def safe(certificate: Path) -> Iterator[MailServer]:
    """A server that takes nothing without TLS and a login."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with mail_server(context) as server:
        yield server


@pytest.fixture
def plain() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


def by(url: str, patience_seconds: int = 60) -> Reacting:
    environment = {"BILLING_SMTP_URL": url, "BILLING_MAIL_FROM": "billing@app.example"}
    environment["BILLING_EFFECT_TIMEOUT_SECONDS"] = str(patience_seconds)
    return Settings.from_environment(environment).reacting


def letter() -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["To"] = "billing@app.example", "ann@customers.example"
    mail["Subject"], mail["Message-ID"] = "Hello", "<1@app.example>"
    mail.set_content("Hello, Ann: 5 €.")
    return mail


def failing(mail: EmailMessage, settings: Reacting) -> EffectFailed:
    with pytest.raises(EffectFailed) as failure:
        post(mail, settings)
    sentence = str(failure.value)
    assert PASSWORD not in sentence
    assert "ann" not in sentence
    return failure.value


def test_a_mail_goes_over_starttls_with_a_login(safe: MailServer, certificate: Path) -> None:
    post(letter(), by(f"smtp://{USER}:{PASSWORD}@127.0.0.1:{safe.port}?ca_file={certificate}"))

    assert safe.recipients == ["ann@customers.example"]
    assert "5 €" in safe.mails[0].get_content()


def test_a_server_we_do_not_believe_gets_neither_mail_nor_password(
    safe: MailServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    failure = failing(letter(), by(f"smtp://{USER}:{PASSWORD}@127.0.0.1:{safe.port}"))

    assert str(failure) == "the mail server failed: SSLCertVerificationError"
    assert failure.passing
    assert safe.mails == []
    assert PASSWORD not in caplog.text


def test_a_server_without_tls_gets_nothing_unless_that_was_said(plain: MailServer) -> None:
    failure = failing(letter(), by(f"smtp://127.0.0.1:{plain.port}"))

    assert str(failure) == "the mail server failed: SMTPNotSupportedError"
    post(letter(), by(f"smtp://127.0.0.1:{plain.port}?tls=none"))
    assert len(plain.mails) == 1


def test_a_wrong_password_may_be_put_right(safe: MailServer, certificate: Path) -> None:
    url = f"smtp://{USER}:wrong@127.0.0.1:{safe.port}?ca_file={certificate}"

    failure = failing(letter(), by(url))

    assert (str(failure), failure.passing) == ("the mail server refused us: SMTP 535", True)


def test_a_recipient_that_does_not_exist_is_not_tried_again(plain: MailServer) -> None:
    plain.refused.append("ann@customers.example")

    failure = failing(letter(), by(f"smtp://127.0.0.1:{plain.port}?tls=none"))

    assert (str(failure), failure.passing) == ("the recipient was refused: SMTP 550", False)


def foreign() -> EmailMessage:
    life = bought(details("änn@bücher.example"), Identified(customer_id="ann"))
    address = recipient(life.world, PURCHASE).address
    return message(TASK, life.world, address, Written("Grüße", "Grüße", "<p>Grüße</p>"))


def test_an_address_of_another_script_goes_to_a_server_that_takes_it(plain: MailServer) -> None:
    post(foreign(), by(f"smtp://127.0.0.1:{plain.port}?tls=none"))

    assert plain.recipients == ["änn@xn--bcher-kva.example"]
    assert plain.mails[0]["Subject"] == "Grüße"


def test_a_server_that_takes_only_ascii_does_not_get_it_and_is_not_asked_again() -> None:
    with mail_server(utf8=False) as old:
        failure = failing(foreign(), by(f"smtp://127.0.0.1:{old.port}?tls=none"))

        assert "it has no SMTPUTF8" in str(failure)
        assert not failure.passing
        assert old.mails == []


def test_a_server_that_is_busy_is_tried_again(plain: MailServer) -> None:
    plain.answers.append("451 later")
    settings = by(f"smtp://127.0.0.1:{plain.port}?tls=none")

    assert failing(letter(), settings).passing
    post(letter(), settings)

    assert len(plain.mails) == 1


def test_a_server_that_says_nothing_is_not_waited_for_for_ever() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        failure = failing(letter(), by(f"smtp://127.0.0.1:{port}?tls=none", patience_seconds=1))

    assert failure.passing
    assert str(failure) == "the mail server failed: SMTPServerDisconnected"


def test_nobody_listens(plain: MailServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]

    failure = failing(letter(), by(f"smtp://127.0.0.1:{port}?tls=none"))

    assert str(failure) == "the mail server failed: ConnectionRefusedError"


def test_a_folder_that_cannot_be_written_to_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    settings = Settings.from_environment({"BILLING_MAIL_DIR": str(tmp_path / "file")}).reacting

    assert failing(letter(), settings).passing
