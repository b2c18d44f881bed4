"""A seal is one canonical line; it fits its signature and its sheet, and nothing near it does."""

from __future__ import annotations

import json
from hashlib import sha256

import pytest
from msgspec.structs import replace

from ledger.sealing.merkle import digest
from ledger.sealing.seal import read_seal, sealed
from ledger.sealing.sheet import Sheet
from tests.ledger.sealing.given import KEY, NOON, OTHER_KEY


def sheet(count: int = 5) -> Sheet:
    made = Sheet()
    for n in range(count):
        made.add(10 * n, digest(f"s/{n}", 1, "T", b"{}"))
    return made


SEAL = sealed("ledger", None, sheet(), KEY, NOON)


def test_the_line_is_canonical_json_of_any_tool() -> None:
    fields = json.loads(SEAL.line)

    assert json.dumps(fields, sort_keys=True, separators=(",", ":")) == SEAL.line
    assert read_seal(SEAL.line) == SEAL
    assert sha256(SEAL.line.encode()).hexdigest() == SEAL.hash
    assert SEAL.sealed_at == "2027-01-01T12:00:00.000+00:00"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "{}",
        SEAL.line + " ",
        SEAL.line.replace(":1,", ": 1,", 1),
        SEAL.line.replace('"count":5', '"count":5.0'),
        SEAL.line.replace("2027-01-01T12:00:00.000+00:00", "yesterday"),
        SEAL.line.replace("2027-01-01T12:00:00.000+00:00", "2027-01-01T12:00:00"),
        SEAL.line.replace("{", '{"aside":1,', 1),
    ],
)
def test_any_other_line_is_no_seal(line: str) -> None:
    assert read_seal(line) is None


def test_the_signature_fits_this_seal_and_key_only() -> None:
    assert SEAL.signature_fits
    assert not replace(SEAL, count=4).signature_fits
    assert not replace(SEAL, previous="1" * 64).signature_fits
    assert not replace(SEAL, key=OTHER_KEY.public).signature_fits
    assert not replace(SEAL, key="short").signature_fits
    assert not replace(SEAL, signature="no hex").signature_fits


def test_a_seal_continues_the_one_before() -> None:
    after = sealed("ledger", SEAL, sheet(2), OTHER_KEY, NOON)

    assert (after.number, after.previous) == (2, SEAL.hash)


def test_a_seal_closes_its_own_sheet_only() -> None:
    assert SEAL.closes(sheet())
    assert not SEAL.closes(sheet(4))
    assert not SEAL.closes(Sheet())
    moved = sheet()
    moved.entries[2], moved.entries[3] = moved.entries[3], moved.entries[2]
    assert not SEAL.closes(moved)


def test_a_sheet_is_the_same_in_bytes_and_in_lines() -> None:
    for read in (Sheet.from_bytes(sheet().to_bytes()), Sheet.from_lines(sheet().to_lines())):
        assert read is not None
        assert read.entries == sheet().entries
    assert Sheet.from_bytes(sheet().to_bytes()[:-1]) is None
    assert Sheet.from_lines(sheet().to_lines() + "\n") is None
    assert Sheet.from_lines("1 xyz\n") is None
