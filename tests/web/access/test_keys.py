"""A key is taken while it is good, and what a process knows of keys is never older than said."""

from datetime import timedelta

from ledger.aggregates.api_key import Key, Terms, digest_of
from tests.ledger.given import day
from web.access.keys import MOST_AGE, KeyRing, key_text

NOW = day(1)
SHOP = Key("k1", Terms("shop", ("read",), day(90)), day(0), ((digest_of("secret"), None),))


class Kept:
    """The keys as they are kept, and how often they were read."""

    def __init__(self, *keys: Key) -> None:
        self.keys = {key.key_id: key for key in keys}
        self.reads = 0

    def __call__(self) -> dict[str, Key]:
        self.reads += 1
        return dict(self.keys)


def test_a_key_is_known_by_its_id_and_secret() -> None:
    ring = KeyRing(Kept(SHOP))

    assert ring.find(key_text("k1", "secret"), NOW) == SHOP
    for wrong in ("bk_k1_Secret", "bk_k1_", "bk_k1", "bk_", "", "bk_k2_secret", "bk_k1_secret_"):
        assert ring.find(wrong, NOW) is None, wrong
    assert ring.find("bk_k1_sécret", NOW) is None


def test_an_expired_key_is_not_taken() -> None:
    assert KeyRing(Kept(SHOP)).find("bk_k1_secret", day(90)) is None


def test_requests_in_a_row_read_the_keys_once_whatever_is_tried() -> None:
    kept = Kept(SHOP)
    ring = KeyRing(kept)

    for number in range(50):
        ring.find(f"bk_{number}_guess", NOW)
        ring.find("bk_k1_secret", NOW + MOST_AGE)

    assert kept.reads == 1


def test_a_key_that_is_gone_is_refused_once_the_age_is_over() -> None:
    kept = Kept(SHOP)
    ring = KeyRing(kept)
    ring.find("bk_k1_secret", NOW)
    kept.keys.clear()

    assert ring.find("bk_k1_secret", NOW + MOST_AGE) == SHOP
    assert ring.find("bk_k1_secret", NOW + MOST_AGE + timedelta(microseconds=1)) is None
    assert kept.reads == 2
