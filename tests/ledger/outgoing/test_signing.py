"""Signatures are those of the specification: its published example, and its published library."""

from __future__ import annotations

import base64
import hmac
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from ledger.outgoing.signing import headers

# The example that the libraries of Standard Webhooks share.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
MESSAGE = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = b'{"test": 2432232314}'
SIGNED_AT = datetime.fromtimestamp(1614265330, UTC)
OTHER = "whsec_" + "b3RoZXIg" * 4


def test_the_published_example_is_signed_as_published() -> None:
    assert headers(MESSAGE, SIGNED_AT, BODY, [SECRET]) == {
        "webhook-id": MESSAGE,
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@pytest.mark.parametrize("secret", [SECRET, OTHER])
def test_the_published_library_verifies_by_each_secret_while_one_is_rolled(secret: str) -> None:
    signed = headers(MESSAGE, datetime.now(UTC), BODY, [OTHER, SECRET])

    assert Webhook(secret).verify(BODY, signed) == {"test": 2432232314}


def test_the_published_library_refuses_another_body_id_or_time() -> None:
    signed = headers(MESSAGE, datetime.now(UTC), BODY, [SECRET])
    edits = ({"webhook-id": "msg_2"}, {"webhook-timestamp": "1614265330"})

    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(b'{"test": 1}', signed)
    for edit in edits:
        with pytest.raises(WebhookVerificationError):
            Webhook(SECRET).verify(BODY, {**signed, **edit})


def verified(secret: str, given: dict[str, str], body: bytes) -> bool:
    """What a receiver checks, as the specification words it, with nothing of ours or the library's.

    The content is `id.timestamp.body`, the key is what is base64 after `whsec_`, and of several
    signatures, set apart by spaces and each with its version, one has to fit.
    """
    key = base64.standard_b64decode(secret[len("whsec_") :])
    content = f"{given['webhook-id']}.{given['webhook-timestamp']}.".encode() + body
    expected = base64.standard_b64encode(hmac.new(key, content, "sha256").digest())
    signatures = [each.split(",", 1) for each in given["webhook-signature"].split(" ")]
    return ["v1", expected.decode()] in signatures


@given(
    st.binary(min_size=24, max_size=64),
    st.binary(min_size=24, max_size=64),
    st.from_regex(r"msg_[0-9a-f]{32}", fullmatch=True),
    st.datetimes(timezones=st.just(UTC), min_value=datetime(2020, 1, 1)),  # noqa: DTZ001 - aware
    st.binary(max_size=200),
)
def test_each_message_is_verified_by_the_words_of_the_specification(
    one: bytes, other: bytes, id_: str, at: datetime, body: bytes
) -> None:
    secrets = [f"whsec_{base64.b64encode(each).decode()}" for each in (one, other)]

    signed = headers(id_, at, body, secrets)

    assert signed["webhook-id"] == id_
    assert int(signed["webhook-timestamp"]) <= at.timestamp() < int(signed["webhook-timestamp"]) + 1
    assert verified(secrets[0], signed, body)
    assert verified(secrets[1], signed, body)
    assert not verified(secrets[0], signed, body + b" ")
    assert not verified(f"whsec_{base64.b64encode(one + b'x').decode()}", signed, body)
