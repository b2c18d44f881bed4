"""A delivery is stored byte for byte, and lies in a stream of its own."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from ledger.delivery import Delivery, Envelope
from tests.ledger.given import START

times = st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
envelopes = st.builds(Envelope, texts, texts, texts, times, st.booleans(), texts, st.none() | texts)
deliveries = st.builds(
    Delivery, envelopes, times, st.dictionaries(texts, texts, max_size=3), st.binary()
)


def delivery(**changes: object) -> Delivery:
    said: dict[str, object] = {"account": "", "livemode": True, "event_id": "evt_1", **changes}
    envelope = Envelope(provider="stripe", type="x", created=START, **said)  # type: ignore[arg-type]  # by name
    return Delivery(envelope, START, {}, b"{}")


@given(deliveries)
def test_what_is_stored_is_read_back_byte_for_byte(given_: Delivery) -> None:
    assert Delivery.from_state(given_.to_state()) == given_


@given(deliveries)
def test_the_body_is_the_end_of_what_is_stored(given_: Delivery) -> None:
    line, body = given_.to_state().split(b"\n", 1)

    assert body == given_.body
    assert line.startswith(b'{"envelope":')


def test_only_the_same_event_of_the_same_account_and_mode_shares_a_stream() -> None:
    ids = [
        delivery().originator_id,
        delivery(account="acct_9").originator_id,
        delivery(livemode=False).originator_id,
        delivery(event_id="evt_2").originator_id,
    ]

    assert ids[0] == "delivery/stripe/live//evt_1"
    assert len(set(ids)) == len(ids)
    assert delivery().originator_version == 1
