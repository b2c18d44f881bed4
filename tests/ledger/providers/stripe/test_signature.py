"""Stripe's signature, checked against the SDK's own, and nothing but NotVerified for the rest."""

from datetime import UTC, datetime

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import NotVerified
from ledger.providers.stripe.signature import header, sign, verify

SECRET, OTHER = "whsec_one", "whsec_two"
BODY = '{"id":"evt_1","note":"ä ☃"}'
RAW = BODY.encode()
THEN = 1_788_264_000
NOW = datetime.fromtimestamp(THEN, UTC)


def signed(secret: str = SECRET, timestamp: int = THEN) -> str:
    """The header as Stripe's own SDK writes it."""
    value = stripe.WebhookSignature.generate_signature_header(BODY, secret, timestamp=timestamp)
    assert isinstance(value, str)
    return value


def check(value: str, body: bytes = RAW, *secrets: str) -> None:
    verify(body, value, secrets or (SECRET,), NOW, 300)


def test_what_the_sdk_signs_we_accept() -> None:
    check(signed())


def test_what_we_sign_the_sdk_accepts() -> None:
    assert stripe.WebhookSignature.verify_header(BODY, header(RAW, SECRET, THEN), SECRET)


def test_while_stripe_rolls_a_secret_it_signs_with_both() -> None:
    both = f"t={THEN},v1={sign(RAW, OTHER, THEN)},v1={sign(RAW, SECRET, THEN)},v0=abc"

    check(both)
    assert stripe.WebhookSignature.verify_header(BODY, both, SECRET)


def test_while_we_roll_a_secret_we_know_both() -> None:
    for secret in (SECRET, OTHER):
        check(signed(secret), RAW, SECRET, OTHER)


def test_another_secret_is_refused() -> None:
    with pytest.raises(NotVerified, match="no signature matches"):
        check(signed("whsec_three"), RAW, SECRET, OTHER)


def test_without_a_secret_nothing_is_accepted() -> None:
    with pytest.raises(NotVerified):
        verify(RAW, signed(""), (), NOW, 300)


@pytest.mark.parametrize("body", [b"", RAW + b" ", RAW[:-1], RAW.replace(b"1", b"2")])
def test_other_bytes_than_were_signed_are_refused(body: bytes) -> None:
    with pytest.raises(NotVerified, match="no signature matches"):
        check(signed(), body)


@pytest.mark.parametrize("seconds", [-300, 0, 300])
def test_up_to_the_tolerance_the_time_may_be_off(seconds: int) -> None:
    check(signed(timestamp=THEN + seconds))


@pytest.mark.parametrize("seconds", [-301, 301, -THEN, 10**11])
def test_a_stale_or_future_signature_is_refused(seconds: int) -> None:
    with pytest.raises(NotVerified, match="s off, at most 300"):
        check(signed(timestamp=THEN + seconds))


@pytest.mark.parametrize(
    "value",
    [
        *("", ",", "=", "t=,v1=", "v1=abc", f"t={THEN}", f"t={THEN},v0={sign(RAW, SECRET, THEN)}"),
        *("t=-1,v1=a", "t=1e9,v1=a", "t=٣,v1=a", f"t={'9' * 5000},v1=a", f"t={THEN} ,v1=a"),
        f"t={THEN},t={THEN},v1={sign(RAW, SECRET, THEN)}",
        f"T={THEN},V1={sign(RAW, SECRET, THEN)}",
        f"t={THEN},v1=\udcff",
        f"t={THEN};v1={sign(RAW, SECRET, THEN)}",
    ],
)
def test_a_header_that_says_nothing_clear_is_refused(value: str) -> None:
    with pytest.raises(NotVerified):
        check(value)


def test_a_refusal_never_tells_what_would_have_matched() -> None:
    with pytest.raises(NotVerified) as refusal:
        check(signed(OTHER))

    assert sign(RAW, SECRET, THEN) not in str(refusal.value)
    assert SECRET not in str(refusal.value)


pieces = st.sampled_from(["t", "v1", "v0", "=", ",", " ", str(THEN), "0", "\udcff", "ÿ", "\0"])
headers = st.text() | st.lists(pieces, max_size=12).map("".join)


@given(headers, st.binary(max_size=50))
def test_whatever_a_stranger_sends_is_refused_by_name(value: str, body: bytes) -> None:
    with pytest.raises(NotVerified):
        check(value, body)


@given(st.integers(0, len(signed()) - 1), st.characters())
def test_one_other_character_in_the_header_never_passes(place: int, other: str) -> None:
    value = signed()
    changed = value[:place] + other + value[place + 1 :]
    if changed != value:
        with pytest.raises(NotVerified):
            check(changed)
