"""Signatures are those of the specification: its published example, and its published library."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
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
