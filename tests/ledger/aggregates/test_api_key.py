"""A key is good from its issue until it expires or is revoked, and its secret can change."""

import pytest

from ledger.aggregates.api_key import ApiKeys, Issued, Revoked, Rotated, Terms, digest_of
from ledger.errors import KeyExists, KeyGone, UnknownKey
from tests.ledger.given import day, given, why

SHOP = Terms("shop", ("read", "checkout"), expires_at=day(90))
ISSUED = Issued(key_id="k1", digest="aa", terms=SHOP)


def test_an_issued_key_is_good_until_it_expires() -> None:
    keys = (
        given(ApiKeys, "all").when(lambda it: it.issue("k1", "aa", SHOP, why())).then(ISSUED).keys
    )

    assert keys["k1"].is_good(day(89))
    assert not keys["k1"].is_good(day(90))
    assert keys["k1"].digests_at(day(1)) == ("aa",)


def test_an_id_is_issued_once() -> None:
    given(ApiKeys, "all", ISSUED).then_refused(
        KeyExists, lambda it: it.issue("k1", "bb", SHOP, why())
    )


def test_a_rotated_key_takes_both_secrets_for_a_while() -> None:
    rotated = Rotated(key_id="k1", digest="bb", previous_until=day(2))

    keys = (
        given(ApiKeys, "all", ISSUED)
        .when(lambda it: it.rotate("k1", "bb", day(2), why(day(1))))
        .then(rotated)
        .keys
    )

    assert keys["k1"].digests_at(day(1)) == ("bb", "aa")
    assert keys["k1"].digests_at(day(2)) == ("bb",)


def test_a_secret_before_the_last_is_gone_at_once() -> None:
    twice = [Rotated(key_id="k1", digest=digest, previous_until=day(9)) for digest in ("bb", "cc")]

    keys = given(ApiKeys, "all", ISSUED, *twice).aggregate.keys

    assert keys["k1"].digests_at(day(1)) == ("cc", "bb")


def test_a_revoked_key_is_good_for_nothing_and_stays_so() -> None:
    keys = given(ApiKeys, "all", ISSUED).when(lambda it: it.revoke("k1", why()))
    keys.when(lambda it: it.revoke("k1", why())).then(Revoked(key_id="k1"))

    assert not keys.aggregate.keys["k1"].is_good(day(1))
    keys.then_refused(KeyGone, lambda it: it.rotate("k1", "bb", day(1), why()))


def test_an_expired_key_is_not_rotated() -> None:
    given(ApiKeys, "all", ISSUED).then_refused(
        KeyGone, lambda it: it.rotate("k1", "bb", day(92), why(day(91)))
    )


@pytest.mark.parametrize("decide", ["rotate", "revoke"])
def test_a_key_nobody_issued_is_unknown(decide: str) -> None:
    doings = {
        "rotate": lambda it: it.rotate("k9", "bb", day(1), why()),
        "revoke": lambda it: it.revoke("k9", why()),
    }

    given(ApiKeys, "all", ISSUED).then_refused(UnknownKey, doings[decide])


def test_what_is_kept_of_a_secret_is_not_the_secret() -> None:
    assert digest_of("hunter2") == (
        "f52fbd32b2b3b86ff88ef6c490628285f482af15ddcb29541f94bcf526a3f6c7"
    )
