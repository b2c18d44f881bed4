"""What was done in the world is sealed and proven like the rest; older seals stay as they are."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from ledger.sealing.seal import LOGS
from replay.seals.proof import SeveralEntries, UnknownEntry, prove
from tests.ledger.reactions.given import Clock, Noted, ann, sold, workshop
from tests.ledger.sealing.given import KEY, NAMES, append, seal, settings
from tests.replay.seals.given import findings, verify
from tests.replay.seals.test_proof import PROGRAM

REACTION = "reaction/stripe/test//test.told:pi_1"
DROP = b"DROP SCHEMA billing_reactions CASCADE"


def react(url: str) -> None:
    """One reaction, intended and done."""
    with workshop(url, Clock(), Noted()) as at:
        at.reactor()
        at.append(*ann(), *sold(1))
        at.react()


def test_every_log_has_a_schema() -> None:
    assert tuple(NAMES.logs) == LOGS


def test_what_was_done_is_proven_to_a_stranger(database_url: str, tmp_path: Path) -> None:
    react(database_url)
    seal(database_url, settings())
    with psycopg.connect(database_url) as connection:
        with pytest.raises(SeveralEntries, match=f"{REACTION}@1, {REACTION}@2"):
            prove(connection, NAMES, REACTION)
        proof = prove(connection, NAMES, f"{REACTION}@2")
        assert prove(connection, NAMES, "reactions:3") == proof
        assert prove(connection, NAMES, "beginning/reactor").topic == "Reactions.Began"
    file = tmp_path / "proof.json"
    file.write_text(proof.text)

    command = [sys.executable, "-I", str(PROGRAM), str(file), KEY.public]
    result = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)

    assert result.returncode == 0, result.stderr
    assert "(Reaction.Done) was at position 3 of the reactions when seal 1" in result.stdout


def test_seals_from_before_there_were_reactions_stay_good(
    database_url: str, tmp_path: Path
) -> None:
    append(database_url, range(5))
    append(database_url, range(3), NAMES.inbox)
    by = settings(tmp_path)
    assert seal(database_url, by) == 3
    react(database_url)

    with psycopg.connect(database_url) as connection:
        assert findings(verify(connection, tmp_path)) == []
        assert seal(database_url, by) == 2
        assert findings(verify(connection, tmp_path)) == []


def test_a_database_without_reactions_is_verified_like_before(database_url: str) -> None:
    append(database_url, range(5))
    seal(database_url, settings())
    with psycopg.connect(database_url) as connection:
        connection.execute(DROP)

        verdicts = verify(connection)

        assert findings(verdicts) == []
        assert [(each.log, each.seals) for each in verdicts][2] == ("reactions", 0)
        with pytest.raises(UnknownEntry):
            prove(connection, NAMES, REACTION)


def test_reactions_that_were_sealed_and_dropped_are_missed(database_url: str) -> None:
    react(database_url)
    seal(database_url, settings())
    with psycopg.connect(database_url) as connection:
        connection.execute(DROP)

        found = findings(verify(connection))

    assert {(each.log, each.problem) for each in found} == {("reactions", "missing")}
    assert len(found) == 3
