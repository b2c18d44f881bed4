"""The door Stripe's webhooks come in by: signature and envelope, not a line of the payload."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import msgspec

from ledger.delivery import Delivery, Envelope
from ledger.errors import NotADelivery, NotVerified
from ledger.providers import Headers
from ledger.providers.stripe import signature

TOLERANCE_SECONDS = 300  # Stripe's own libraries use the same

# Part of a key: plain ASCII as Stripe's are, since an index takes no more than 2,704 bytes.
Word = Annotated[str, msgspec.Meta(min_length=1, max_length=255, pattern=r"\A[!-~]+\Z")]


class _Snapshot(msgspec.Struct, frozen=True, tag_field="object", tag="event"):
    id: Word
    type: Word
    created: Annotated[int, msgspec.Meta(ge=0, lt=32_503_680_000)]  # until the year 3000
    livemode: bool
    api_version: Annotated[str, msgspec.Meta(max_length=255)] | None = None
    account: Word | None = None

    def envelope(self) -> Envelope:
        return Envelope(
            provider="stripe",
            event_id=self.id,
            type=self.type,
            created=datetime.fromtimestamp(self.created, UTC),
            livemode=self.livemode,
            account=self.account or "",
            api_version=self.api_version,
        )


class _Thin(msgspec.Struct, frozen=True, tag_field="object", tag="v2.core.event"):
    """A thin event: `context` is the path to the account it happened in, null for our own."""

    id: Word
    type: Word
    created: Annotated[datetime, msgspec.Meta(tz=True)]
    livemode: bool = False  # as Stripe's library takes one that does not say
    context: Word | None = None

    def envelope(self) -> Envelope:
        return Envelope(
            provider="stripe",
            event_id=self.id,
            type=self.type,
            created=_in_utc(self.created),
            livemode=self.livemode,
            account=(self.context or "").rpartition("/")[2],
            thin=True,
        )


_EVENTS: msgspec.json.Decoder[_Snapshot | _Thin] = msgspec.json.Decoder(_Snapshot | _Thin)


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
        return _EVENTS.decode(body).envelope()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, OverflowError) as problem:
        raise NotADelivery(f"the body is no Stripe event: {problem}") from problem


def _in_utc(time: datetime) -> datetime:
    """Raises OverflowError for a time before all times that Unix seconds can tell."""
    if time.year < 1970 or time.astimezone(UTC).year < 1970:
        raise OverflowError(f"{time} is before 1970")
    return time.astimezone(UTC)
