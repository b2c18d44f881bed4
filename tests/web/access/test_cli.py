"""`billing keys`: a key is shown once, works, and stops working."""

import json
from datetime import UTC, datetime

import psycopg
import pytest
from click.testing import CliRunner, Result

from ledger.application import Ledger
from ledger.cli import main
from ledger.keys import all_keys, keys_stream
from ledger.store.names import Names
from web.access.keys import KeyRing


class Keys:
    """The command on one database, and what a server would make of a key."""

    def __init__(self, url: str) -> None:
        self.url = url

    def run(self, *arguments: str) -> Result:
        return CliRunner(env={"DATABASE_URL": self.url}).invoke(main, ["keys", *arguments])

    def said(self, *arguments: str) -> str:
        result = self.run(*arguments)
        assert result.exit_code == 0, result.output
        return result.stdout.strip()

    def listed(self) -> list[dict[str, str | None]]:
        rows: list[dict[str, str | None]] = json.loads(self.said("list", "--json"))
        return rows

    def scopes(self, text: str, livemode: bool = False) -> tuple[str, ...] | None:
        with Ledger(self.url, Names(), pool_size=1) as ledger:
            ring = KeyRing(lambda: all_keys(ledger, keys_stream(livemode)))
            key = ring.find(text, datetime.now(UTC))
        return key.terms.scopes if key else None


@pytest.fixture
def keys(database_url: str) -> Keys:
    return Keys(database_url)


def test_an_issued_key_is_good_for_its_scopes_and_shown_once(keys: Keys) -> None:
    text = keys.said("issue", "shop", "--scope", "read", "--scope", "checkout", "--scope", "read")

    assert keys.scopes(text) == ("checkout", "read")
    assert keys.scopes(text, livemode=True) is None
    [row] = keys.listed()
    assert (row["state"], row["name"], row["expires_at"]) == ("good", "shop", None)
    assert text.split("_")[2] not in keys.said("list")


def test_the_database_has_no_secret(keys: Keys) -> None:
    secret = keys.said("issue", "shop", "--scope", "read").split("_")[2]

    with psycopg.connect(keys.url) as connection:
        states = connection.execute("SELECT state FROM billing_ledger.events").fetchall()
    assert len(states) == 1
    assert secret.encode() not in bytes(states[0][0])


def test_a_rotated_key_has_another_secret_and_the_old_one_may_end_at_once(keys: Keys) -> None:
    first = keys.said("issue", "shop", "--scope", "read")
    key_id = first.split("_")[1]

    second = keys.said("rotate", key_id)
    assert keys.scopes(first) == keys.scopes(second) == ("read",)
    third = keys.said("rotate", key_id, "--overlap-minutes", "0")

    assert (keys.scopes(first), keys.scopes(second)) == (None, None)
    assert keys.scopes(third) == ("read",)


def test_a_revoked_key_is_good_for_nothing_and_listed_so(keys: Keys) -> None:
    text = keys.said("issue", "shop", "--scope", "read", "--days", "30")
    key_id = text.split("_")[1]

    keys.said("revoke", key_id)

    assert keys.scopes(text) is None
    assert keys.listed()[0]["state"] == "revoked"
    assert keys.run("rotate", key_id).output == (
        f"Error: API key {key_id!r} was revoked or has expired\n"
    )


@pytest.mark.parametrize(
    "arguments",
    [
        ("issue", "shop"),
        ("issue", "shop", "--scope", "everything"),
        ("issue", "shop", "--scope", "read", "--days", "0"),
        ("revoke", "nobody"),
        ("rotate", "nobody"),
    ],
)
def test_what_cannot_be_done_is_refused_and_leaves_nothing(
    arguments: tuple[str, ...], keys: Keys
) -> None:
    assert keys.run(*arguments).exit_code != 0
    assert keys.listed() == []
