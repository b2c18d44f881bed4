"""The door Stripe's webhooks come in by: signature and envelope, not a line of the payload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Literal

import msgspec

from ledger.delivery import Delivery, Envelope
from ledger.errors import NotADelivery, NotVerified
from ledger.providers import Headers
from ledger.providers.stripe import signature

TOLERANCE_SECONDS = 300  # Stripe's own libraries use the same

# Part of a key: plain ASCII as Stripe's are, since an index takes no more than 2,704 bytes.
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"\A[!-~]+\Z")]


class _Event(msgspec.Struct, frozen=True):
    id: Word
    object: Literal["event"]
    type: Word
    created: Annotated[int, msgspec.Meta(ge=0, lt=32_503_680_000)]  # until the year 3000
    livemode: bool
    api_version: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    account: Word | None = None


_EVENTS = msgspec.json.Decoder(_Event)


class StripeReceiver:
    """Turns a signed webhook request into a Delivery; several secrets serve while one is rolled."""

    def __init__(self, secrets: Sequence[str], tolerance_seconds: int = TOLERANCE_SECONDS) -> None:
        self._secrets = tuple(secrets)
        self._tolerance_seconds = tolerance_seconds

    def receive(self, body: bytes, headers: Headers, now: datetime) -> Delivery:
        """The verified delivery. Raises NotVerified or NotADelivery."""
        given = headers.get(signature.HEADER)
        if not given:
            raise NotVerified(f"there is no {signature.HEADER} header")
        signature.verify(body, given, self._secrets, now, self._tolerance_seconds)
        return Delivery(envelope(body), now, {signature.HEADER: given}, body)


def envelope(body: bytes) -> Envelope:
    """The envelope of a Stripe event. Raises NotADelivery for any other JSON, or none."""
    try:
        body.decode("utf-8")
        event = _EVENTS.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as problem:
        raise NotADelivery(f"the body is no Stripe event: {problem}") from problem
    return Envelope(
        provider="stripe",
        event_id=event.id,
        type=event.type,
        created=datetime.fromtimestamp(event.created, UTC),
        livemode=event.livemode,
        account=event.account or "",
        api_version=event.api_version,
    )
