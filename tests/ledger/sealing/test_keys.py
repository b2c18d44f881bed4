"""A key is made once, kept for its owner only, and never shown."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from ledger.errors import SettingsError
from ledger.sealing.keys import KeyExists, needed_seal_key, new_key, seal_key
from ledger.settings import Settings
from tests.ledger.sealing.given import KEY, SECRET


def by(**environment: str) -> Settings:
    return Settings.from_environment(environment)


def test_a_new_key_is_read_again_and_never_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "keys" / "seal.key"

    made = new_key(file)

    read = seal_key(by(BILLING_SEAL_KEY_FILE=str(file)))
    assert read is not None
    assert read.public == made.public
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(KeyExists):
        new_key(file)


def test_the_environment_may_hold_the_key_itself() -> None:
    assert needed_seal_key(by(BILLING_SEAL_KEY=SECRET)).public == KEY.public
    assert seal_key(by()) is None


def test_no_key_is_shown(tmp_path: Path) -> None:
    settings = by(BILLING_SEAL_KEY=SECRET)

    assert SECRET not in f"{settings!r} {settings.sealing!r} {seal_key(settings)!r}"


def test_a_missing_or_wrong_key_is_named(tmp_path: Path) -> None:
    (tmp_path / "wrong").write_text("secret words")
    wrong = [
        by(BILLING_SEAL_KEY_FILE=str(tmp_path / "wrong")),
        by(BILLING_SEAL_KEY_FILE=str(tmp_path / "nowhere")),
        by(),
    ]
    for settings in wrong:
        with pytest.raises(SettingsError, match="BILLING_SEAL_KEY_FILE") as error:
            needed_seal_key(settings)
        assert "secret words" not in str(error.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BILLING_SEAL_KEY", "1" * 63),
        ("BILLING_SEAL_TRUSTED_KEYS", f"{'1' * 64}, 2"),
        ("BILLING_SEAL_EVENTS", "0"),
        ("BILLING_SEAL_SECONDS", "soon"),
    ],
)
def test_wrong_settings_are_named(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=name):
        by(**{name: value})


def test_settings_of_sealing_are_read() -> None:
    sealing = by(
        BILLING_SEAL_DIR="seals", BILLING_SEAL_TRUSTED_KEYS=f"{'1' * 64}, {'2' * 64}"
    ).sealing

    assert sealing.folder == Path("seals")
    assert sealing.trusted_keys == ("1" * 64, "2" * 64)
