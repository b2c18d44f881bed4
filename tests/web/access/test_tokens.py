"""A token is for one customer, until it expires, and signed by us."""

import pytest

from tests.ledger.given import day
from web.access.problems import NotConfigured
from web.access.tokens import Bearer, Tokens, expiry

OLD, NEW = "o" * 32, "n" * 32
ANN = Bearer("ann", expiry(day(0), 900), "ann@example.org", "Ann")


def test_a_token_says_whose_it_is_until_it_expires() -> None:
    tokens = Tokens([OLD], livemode=False)

    text = tokens.issue(ANN)

    assert tokens.read(text, day(0)) == ANN
    assert tokens.read(text, ANN.expires_at) is None


def test_a_changed_token_is_not_taken() -> None:
    tokens = Tokens([OLD], livemode=False)
    text = tokens.issue(ANN)

    for at in range(0, len(text) - 1, 7):
        other = "A" if text[at] != "A" else "B"
        assert tokens.read(text[:at] + other + text[at + 1 :], day(0)) is None
    for wrong in ("", ".", "bt.x", "é", text.split(".")[0], text + "."):
        assert tokens.read(wrong, day(0)) is None


def test_secrets_are_rolled_without_a_gap() -> None:
    before, during, after = (Tokens(secrets, False) for secrets in ([OLD], [NEW, OLD], [NEW]))

    assert during.read(before.issue(ANN), day(0)) == ANN
    assert after.read(during.issue(ANN), day(0)) == ANN
    assert after.read(before.issue(ANN), day(0)) is None


def test_a_test_token_is_nothing_on_a_live_ledger() -> None:
    assert Tokens([OLD], livemode=True).read(Tokens([OLD], False).issue(ANN), day(0)) is None


def test_without_a_secret_none_is_issued_or_taken() -> None:
    text = Tokens([OLD], livemode=False).issue(ANN)

    assert Tokens([], livemode=False).read(text, day(0)) is None
    with pytest.raises(NotConfigured, match="BILLING_TOKEN_SECRET"):
        Tokens([], livemode=False).issue(ANN)
