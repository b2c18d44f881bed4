"""A proof is checked by a program with no import of ours; a proof of anything else is refused."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from ledger.application import Inbox
from ledger.sealing.seal import LOGS
from replay.seals.proof import DoesNotFit, NotSealedYet, SeveralEntries, UnknownEntry, prove
from tests.ledger.sealing.given import KEY, NAMES, OTHER_KEY, append, seal, settings
from tests.replay.given import year
from tests.replay.seals.given import ENTRIES, sealed_ledger

ROOT = Path(__file__).parents[3]
PROGRAM = ROOT / "docs/check_proof.py"


@pytest.fixture
def ledger(database_url: str) -> Iterator[Connection[Any]]:
    sealed_ledger(database_url, None)
    with psycopg.connect(database_url) as connection:
        yield connection


def check(folder: Path, text: str, key: str = KEY.public) -> subprocess.CompletedProcess[str]:
    """What the stranger's program says of a proof."""
    file = folder / "proof.json"
    file.write_text(text)
    command = [sys.executable, "-I", str(PROGRAM), str(file), key]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder)


def test_the_program_is_short_and_imports_nothing_of_ours() -> None:
    source = PROGRAM.read_text()
    imported = {
        (node.names[0].name if isinstance(node, ast.Import) else str(node.module)).split(".")[0]
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }

    assert len(source.splitlines()) < 100
    assert imported - set(sys.stdlib_module_names) == {"cryptography"}


def test_every_sealed_entry_can_be_proven(ledger: Connection[Any], tmp_path: Path) -> None:
    for log in LOGS:
        for number in (0, 4, 5, 12, ENTRIES - 1):
            position = number + (2 if number >= 10 else 1)
            made = prove(ledger, NAMES, f"{log}:{position}")

            result = check(tmp_path, made.text)

            assert result.returncode == 0, result.stderr
            assert result.stdout.startswith(f"fits: thing/{number} version 1 (Thing.Seen)")
            assert result.stdout.endswith(f'{{"n":{number}}}\n')


def edited(change: Callable[[dict[str, Any]], object]) -> Callable[[str], str]:
    def edit(text: str) -> str:
        read = json.loads(text)
        change(read)
        return json.dumps(read)

    return edit


FORGERIES = {
    "state": edited(lambda each: each.update(state=b64encode(b"{}").decode())),
    "stream": edited(lambda each: each.update(stream="thing/other")),
    "version": edited(lambda each: each.update(version=2)),
    "topic": edited(lambda each: each.update(topic="Thing.Gone")),
    "position": edited(lambda each: each.update(position=each["position"] + 1)),
    "index": edited(lambda each: each.update(index=each["index"] ^ 1)),
    "negative index": edited(lambda each: each.update(index=-1)),
    "path": edited(lambda each: each["path"].reverse()),
    "short path": edited(lambda each: each["path"].pop()),
    "long path": edited(lambda each: each["path"].append("00" * 32)),
    "root": edited(lambda each: each["seal"].update(root="00" * 32)),
    "time": edited(lambda each: each["seal"].update(sealed_at="2020-01-01T00:00:00.000+00:00")),
    "signature": edited(lambda each: each["seal"].update(signature="00" * 64)),
    "form": edited(lambda each: each.update(form="billing-proof/2")),
    "no seal": edited(lambda each: each.pop("seal")),
    "no JSON object": lambda _: "[]",
}


@pytest.mark.parametrize("forge", FORGERIES.values(), ids=FORGERIES)
def test_a_forged_proof_does_not_fit(
    ledger: Connection[Any], tmp_path: Path, forge: Callable[[str], str]
) -> None:
    made = prove(ledger, NAMES, "ledger:3")

    result = check(tmp_path, forge(made.text))

    assert result.returncode == 1
    assert result.stderr.startswith("does not fit: ")
    assert result.stdout == ""


@pytest.mark.parametrize("text", ["", "no JSON", "[]", '{"form": 1e999}', "\N{NO-BREAK SPACE}"])
def test_a_file_that_is_no_proof_is_refused_by_a_sentence(tmp_path: Path, text: str) -> None:
    result = check(tmp_path, text)

    assert result.returncode == 1
    assert result.stderr.startswith("does not fit: this is no proof: ")


def test_the_program_says_how_it_is_called() -> None:
    command = [sys.executable, "-I", str(PROGRAM), "proof.json"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)

    assert result.returncode == 1
    assert "python check_proof.py PROOF KEY" in result.stderr


def test_a_proof_fits_the_key_one_was_given_only(ledger: Connection[Any], tmp_path: Path) -> None:
    made = prove(ledger, NAMES, "ledger:3")

    assert "another key" in check(tmp_path, made.text, OTHER_KEY.public).stderr


def test_an_entry_is_named_by_stream_version_or_the_providers_id(database_url: str) -> None:
    with Inbox(database_url, NAMES, pool_size=1) as inbox:
        for delivery in year()[:7]:
            inbox.receive(delivery)
    append(database_url, range(4))
    seal(database_url, settings())
    wanted = year()[3]
    with psycopg.connect(database_url) as connection:
        for what in (wanted.envelope.event_id, wanted.originator_id, f"{wanted.originator_id}@1"):
            assert prove(connection, NAMES, what).stream == wanted.originator_id
        assert prove(connection, NAMES, "thing/2").position == 3
        assert prove(connection, NAMES, "@3") == prove(connection, NAMES, "ledger:3")
        for unknown in ("evt_unknown", "thing/9", "thing/2@2", "ledger:99", "@99", "%", ""):
            with pytest.raises(UnknownEntry):
                prove(connection, NAMES, unknown)


def test_what_is_not_one_sealed_unchanged_entry_is_refused(ledger: Connection[Any]) -> None:
    with pytest.raises(NotSealedYet):
        prove(ledger, NAMES, f"thing/{ENTRIES}")
    ledger.execute("UPDATE billing_ledger.events SET state = '{}' WHERE notification_id = 2")
    with pytest.raises(DoesNotFit):
        prove(ledger, NAMES, "ledger:2")
    ledger.execute(
        "UPDATE billing_ledger.events SET originator_id = 'thing/1', originator_version = 2"
        " WHERE originator_id = 'thing/2'"
    )
    with pytest.raises(SeveralEntries, match="thing/1@1, thing/1@2"):
        prove(ledger, NAMES, "thing/1")
