"""The door: what is not signed, or is signed but no event, is turned away by name."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stripe import StripeClient, WebhookSignature

from ledger.delivery import Envelope
from ledger.errors import NotADelivery, NotVerified
from ledger.providers.stripe.receiver import StripeReceiver, envelope
from ledger.providers.stripe.signature import HEADER, header
from tests.ledger.providers.stripe.objects import NOW
from tests.ledger.providers.stripe.payloads import EVENTS, body

SECRET = "whsec_one"
AT = datetime.fromtimestamp(NOW + 5, UTC)
SMALL: dict[str, Any] = {
    "id": "evt_1", "object": "event", "type": "invoice.paid", "created": NOW, "livemode": True,
}  # fmt: skip


def small(**changes: Any) -> bytes:
    return json.dumps({**SMALL, **changes}).encode()


def test_a_signed_event_becomes_a_delivery_with_its_exact_bytes() -> None:
    raw = b" " + body(EVENTS["invoice.paid"]) + b"\n"
    signature = header(raw, SECRET, NOW)

    delivery = StripeReceiver([SECRET]).receive(raw, {HEADER: signature, "Cookie": "x"}, AT)

    assert (delivery.body, delivery.received_at) == (raw, AT)
    assert delivery.headers == {HEADER: signature}
    assert delivery.envelope.type == "invoice.paid"


def test_without_a_signature_nothing_is_read() -> None:
    with pytest.raises(NotVerified, match="no Stripe-Signature header"):
        StripeReceiver([SECRET]).receive(small(), {}, AT)


def test_a_forged_event_is_refused_before_it_is_read() -> None:
    with pytest.raises(NotVerified):
        StripeReceiver([SECRET]).receive(b"{", {HEADER: header(b"{", "whsec_x", NOW)}, AT)


def test_a_signed_truncated_event_is_no_delivery() -> None:
    raw = small()[:-1]

    with pytest.raises(NotADelivery, match="no Stripe event"):
        StripeReceiver([SECRET]).receive(raw, {HEADER: header(raw, SECRET, NOW)}, AT)


def test_the_envelope_is_read_and_nothing_else() -> None:
    raw = small(account="acct_9", api_version="2026-10-28.endive", data={"object": 7}, x=[None])

    assert envelope(raw) == Envelope(
        *("stripe", "evt_1", "invoice.paid", datetime.fromtimestamp(NOW, UTC), True),
        *("acct_9", "2026-10-28.endive"),
    )
    assert envelope(small()).account == ""


THIN: dict[str, Any] = {
    "id": "evt_65", "object": "v2.core.event", "type": "v1.invoice.paid",
    "created": "2026-10-01T12:00:00.123Z", "livemode": True, "context": None,
    "related_object": {"id": "in_1", "type": "invoice", "url": "/v1/invoices/in_1"},
}  # fmt: skip


def thin(**changes: Any) -> bytes:
    return json.dumps({**THIN, **changes}).encode()


def test_a_thin_event_has_an_envelope_too() -> None:
    read = envelope(thin())

    assert read.created == datetime(2026, 10, 1, 12, 0, 0, 123000, UTC)
    assert (read.event_id, read.type, read.livemode) == ("evt_65", "v1.invoice.paid", True)
    assert (read.account, read.api_version, read.thin) == ("", None, True)
    assert not envelope(small()).thin


@pytest.mark.parametrize(
    ("context", "account"), [(None, ""), ("acct_9", "acct_9"), ("org_1/acct_9", "acct_9")]
)
def test_the_account_of_a_thin_event_is_the_end_of_its_context(
    context: str | None, account: str
) -> None:
    assert envelope(thin(context=context)).account == account


def test_times_of_thin_events_are_told_in_utc() -> None:
    read = envelope(thin(created="2026-10-01T14:00:00+02:00")).created

    assert (read.hour, read.tzinfo) == (12, UTC)


def test_the_library_reads_the_same_from_a_thin_event() -> None:
    raw = thin(context="acct_9").decode()
    signature = WebhookSignature.generate_signature_header(raw, SECRET)

    theirs = StripeClient("sk_test_1").parse_event_notification(raw, signature, SECRET)
    ours = StripeReceiver([SECRET]).receive(raw.encode(), {HEADER: signature}, datetime.now(UTC))

    assert (theirs.id, theirs.type) == (ours.envelope.event_id, ours.envelope.type)
    assert str(theirs.context) == ours.envelope.account
    assert theirs.livemode == ours.envelope.livemode
    assert datetime.fromisoformat(theirs.created) == ours.envelope.created


def test_a_thin_event_that_names_no_mode_is_taken_for_a_test() -> None:
    raw = json.dumps({name: value for name, value in THIN.items() if name != "livemode"})
    signature = WebhookSignature.generate_signature_header(raw, SECRET)

    theirs = StripeClient("sk_test_1").parse_event_notification(raw, signature, SECRET)

    assert theirs.livemode is envelope(raw.encode()).livemode is False


DEEP = b'{"a":' * 5000 + b"1" + b"}" * 5000
NO_EVENTS: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"hello",
    "half a JSON": small()[:40],
    "no UTF-8": small().replace(b"evt_1", b"evt_\xff"),
    "no UTF-8 in what is not read": small()[:-1] + b',"x":"\xff"}',
    "a byte order mark": b"\xef\xbb\xbf" + small(),
    "UTF-16": small().decode().encode("utf-16"),
    "a list": b"[" + small() + b"]",
    "a text": b'"evt_1"',
    "null": b"null",
    "two events": small() + small(),
    "another object": small(object="customer"),
    "no kind": json.dumps({k: v for k, v in SMALL.items() if k != "object"}).encode(),
    "a thin event with the time of another": small(object="v2.core.event"),
    "an event with the time of a thin one": thin(object="event"),
    "half a thin event": thin()[:60],
    "a thin event without an id": thin(id=None),
    "a thin event without a type": thin(type=None),
    "a thin event without a time": thin(created=None),
    "a thin event with a time of no place": thin(created="2026-10-01T12:00:00"),
    "a thin event with no time of this world": thin(created="2026-13-01T12:00:00Z"),
    "a thin event before all times": thin(created="1969-12-31T23:59:59Z"),
    "a thin event before the first day": thin(created="0001-01-01T00:00:00+14:00"),
    "a thin event after the last day": thin(created="9999-12-31T23:59:59-14:00"),
    "a thin event whose context has a NUL": thin(context="acct\0"),
    "a thin event with an empty context": thin(context=""),
    "a thin event of another kind": thin(object="v2.core.account"),
    "no id": b'{"object":"event","type":"x","created":1,"livemode":true}',
    "an empty id": small(id=""),
    "an id that is a number": small(id=7),
    "an endless id": small(id="e" * 256),
    "an id with a NUL": small(id="evt\0"),
    "an id beyond ASCII": small(id="evt_\u00e9"),
    "an id with a space": small(id="evt 1"),
    "an id with a line end": small(id="evt_1\n"),
    "a type with a NUL": small(type="a\0"),
    "an account with a NUL": small(account="acct\0"),
    "an empty account": small(account=""),
    "no time": small(created=None),
    "a text for a time": small(created="now"),
    "a time with a fraction": small(created=1.5),
    "a time before all times": small(created=-1),
    "a time after all times": small(created=253_402_300_800),
    "a huge time": small(created=10**400),
    "an infinite time": small().replace(str(NOW).encode(), b"1e999"),
    "a mode that is a text": small(livemode="true"),
    "a deep nesting": DEEP,
    "a deep nesting in what is not read": small()[:-1] + b',"data":' + DEEP + b"}",
}


@pytest.mark.parametrize("story", NO_EVENTS)
def test_what_is_no_event_is_turned_away_by_name(story: str) -> None:
    with pytest.raises(NotADelivery, match="no Stripe event"):
        envelope(NO_EVENTS[story])


@given(st.binary() | st.text().map(str.encode))
def test_any_bytes_are_an_event_or_turned_away_by_name(raw: bytes) -> None:
    with pytest.raises(NotADelivery):
        envelope(raw)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from([*SMALL, "account", "api_version"]), json_values)
def test_any_value_of_a_field_is_taken_or_turned_away_by_name(field: str, value: Any) -> None:
    raw = small(**{field: value})
    try:
        read = envelope(raw)
    except NotADelivery:
        return
    assert not set(read.event_id + read.type + read.account) & {"\0", "\n", " "}


@given(st.sampled_from(list(THIN)), json_values)
def test_any_value_of_a_thin_field_is_taken_or_turned_away_by_name(field: str, value: Any) -> None:
    try:
        read = envelope(thin(**{field: value}))
    except NotADelivery:
        return
    assert not set(read.event_id + read.type + read.account) & {"\0", "\n", " "}
