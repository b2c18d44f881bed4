"""The second provider's webhooks: signed over an id, a time and a checksum of the body."""

from __future__ import annotations

import base64
import hmac
import zlib
from datetime import datetime
from hashlib import sha256
from typing import Annotated

import msgspec

from ledger.delivery import Delivery, Envelope
from ledger.errors import NotADelivery, NotVerified
from ledger.providers import Headers

PROVIDER = "paypal_like"
ID, TIME, SIGNATURE = "Transmission-Id", "Transmission-Time", "Transmission-Sig"

Word = Annotated[str, msgspec.Meta(pattern=r"\A[!-~]{1,100}\Z")]


class Notice(msgspec.Struct, frozen=True):
    """What every notice says of itself."""

    id: Word
    event_type: Word
    create_time: Annotated[datetime, msgspec.Meta(tz=True)]
    merchant_id: str
    resource: msgspec.Raw


class PaypalLikeReceiver:
    """Turns a signed request into a Delivery; test and live are two addresses of the provider."""

    def __init__(self, secret: bytes, livemode: bool = False) -> None:
        self._secret = secret
        self._livemode = livemode

    def receive(self, body: bytes, headers: Headers, now: datetime) -> Delivery:
        """The verified delivery. Raises NotVerified or NotADelivery."""
        given = {name: headers.get(name) or "" for name in (ID, TIME, SIGNATURE)}
        expected = sign(self._secret, given[ID], given[TIME], body)
        if not hmac.compare_digest(expected.encode(), given[SIGNATURE].encode()):
            raise NotVerified("this signature is not the provider's")
        return Delivery(self._envelope(body), now, given, body)

    def _envelope(self, body: bytes) -> Envelope:
        try:
            notice = msgspec.json.decode(body, type=Notice)
        except msgspec.MsgspecError as problem:
            raise NotADelivery(f"the body is no notice: {problem}") from problem
        return Envelope(
            provider=PROVIDER,
            event_id=notice.id,
            type=notice.event_type,
            created=notice.create_time,
            livemode=self._livemode,
            account=notice.merchant_id,
        )


def sign(secret: bytes, id_: str, time: str, body: bytes) -> str:
    """The signature over what was sent and when."""
    signed = f"{id_}|{time}|{zlib.crc32(body)}".encode()
    return base64.b64encode(hmac.new(secret, signed, sha256).digest()).decode()


def headers(secret: bytes, id_: str, time: str, body: bytes) -> dict[str, str]:
    """The headers of a notice as it is posted."""
    return {ID: id_, TIME: time, SIGNATURE: sign(secret, id_, time, body)}
