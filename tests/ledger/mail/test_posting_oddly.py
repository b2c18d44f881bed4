"""How a mail server refuses, answers late and takes its leave: what is taken is sent once."""

from __future__ import annotations

import threading

import pytest

from ledger.mail import posting
from ledger.mail.posting import post
from ledger.reactions.effects import EffectFailed
from tests.ledger.mail.test_posting import by, failing, letter
from tests.support.odd_mail_server import odd_mail_server


@pytest.mark.parametrize("answer", [b"421 in a hurry", b"250 well", b"500 what", b""])
def test_a_mail_that_was_taken_is_sent_however_the_server_takes_its_leave(answer: bytes) -> None:
    with odd_mail_server({"QUIT": answer}) as server:
        post(letter(), by(server.url))

    assert len(server.taken) == 1


@pytest.mark.parametrize(
    ("answers", "said", "passing"),
    [
        ({"": b"554 not you"}, "the mail server refused us: SMTP 554", True),
        ({"": b"421 later"}, "the mail server refused us: SMTP 421", True),
        ({"EHLO": b"550 no", "HELO": b"550 no"}, "the mail server refused us: SMTP 550", True),
        ({".": b"554 it is spam"}, "it was refused: SMTP 554", False),
        ({".": b"452 no room"}, "it was refused: SMTP 452", True),
        ({"DATA": b"451 later"}, "it was refused: SMTP 451", True),
        ({"RCPT": b"450 come back later"}, "the recipient was refused: SMTP 450", True),
        ({"RCPT": b"550 no such box"}, "the recipient was refused: SMTP 550", False),
        (
            {"RCPT": b"550 no such box", "QUIT": b"421 in a hurry", "RSET": b"421 no"},
            "the recipient was refused: SMTP 550",
            False,
        ),
    ],
)
def test_what_is_refused_for_good_is_the_mail_or_its_recipient_only(
    answers: dict[str, bytes], said: str, passing: bool
) -> None:
    with odd_mail_server(answers) as server:
        failure = failing(letter(), by(server.url))

    assert (str(failure), failure.passing) == (said, passing)


def test_a_sender_that_may_not_send_yet_is_tried_again() -> None:
    with odd_mail_server({"MAIL": b"550 not from you"}) as server:
        failure = failing(letter(), by(server.url))

    assert (str(failure), failure.passing) == ("the mail server refused us: SMTP 550", True)


def test_a_server_may_look_through_a_mail_longer_than_it_may_be_silent_otherwise() -> None:
    with odd_mail_server(silent=".") as server:
        later = threading.Timer(11, server.speaks.set)
        later.start()
        post(letter(), by(server.url, patience_seconds=10))
        later.join()

    assert len(server.taken) == 1


def test_a_server_that_takes_a_mail_and_never_says_so_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(posting, "ACCEPTED_WITHIN_SECONDS", 0.2)
    with odd_mail_server(silent=".") as server:
        failure = failing(letter(), by(server.url))

    assert str(failure) == "the mail server failed: SMTPServerDisconnected"
    assert failure.passing


def test_what_is_sent_again_has_the_same_message_id() -> None:
    mail = letter()
    with odd_mail_server({".": b"452 no room"}) as server:
        with pytest.raises(EffectFailed):
            post(mail, by(server.url))
        server.answers["."] = b"250 kept"
        post(mail, by(server.url))

    first, second = server.taken
    assert first == second
