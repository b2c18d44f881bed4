"""A bundle of all history makes the same ledger elsewhere; parts of it can be read and checked."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import CliRunner
from msgspec.structs import replace
from psycopg.rows import dict_row

from ledger.cli import main
from ledger.store.log import LogReader
from replay.bundles.files import hashed
from replay.bundles.manifest import Manifest
from tests.ledger.sealing.given import KEY, NAMES, OTHER_KEY
from tests.replay.bundles.given import billing, lines, lived
from tests.support.databases import fresh_database


@pytest.fixture
def whole(database_url: str, tmp_path: Path) -> Path:
    """The bundle of a whole ledger."""
    lived(database_url)
    billing(database_url, "export", str(tmp_path / "whole"))
    return tmp_path / "whole"


@pytest.fixture
def elsewhere(server_url: str, template: str) -> Iterator[str]:
    """Another empty, migrated database."""
    with fresh_database(server_url, "elsewhere", template) as url:
        yield url


def logs(url: str) -> list[Any]:
    """All of both logs, with positions."""
    found = []
    for schema in NAMES.stores:
        reader = LogReader(url, schema)
        found.append(reader.entries(0, 1_000_000))
        reader.close()
    return found


def verified(url: str) -> list[str]:
    """What is found of deliveries and events; where reactions begin an import says anew."""
    lines = billing(url, "verify").stdout.splitlines()
    begin = next(n for n, each in enumerate(lines) if each.startswith("reactions"))
    end = next(n for n, each in enumerate(lines) if each.startswith("key"))
    return lines[:begin] + lines[end:]


def fingerprint(url: str) -> str:
    return billing(url, "fingerprint").stdout.split()[-1]


def test_a_whole_ledger_goes_to_another_database_with_its_seals(
    database_url: str, elsewhere: str, whole: Path
) -> None:
    result = billing(elsewhere, "import", str(whole))

    assert result.stdout.endswith(f"imported, fingerprint {fingerprint(database_url)}\n")
    assert fingerprint(elsewhere) == fingerprint(database_url)
    assert logs(elsewhere) == logs(database_url)
    assert verified(elsewhere) == verified(database_url)


def test_machines_are_told_in_json_what_was_written_checked_and_taken_in(
    database_url: str, elsewhere: str, whole: Path, tmp_path: Path
) -> None:
    written = json.loads(billing(database_url, "export", str(tmp_path / "b"), "--json").stdout)
    checked = json.loads(billing(elsewhere, "import", "--check", str(whole), "--json").stdout)
    taken = json.loads(billing(elsewhere, "import", str(whole), "--json").stdout)

    assert written == json.loads((tmp_path / "b/manifest.json").read_text())
    counts = {log: span["count"] for log, span in written["spans"].items()}
    assert checked["entries"] == {"reactions": 0} | counts
    assert checked["fingerprint"] == written["fingerprint"]
    assert checked["dismissed"] is None
    assert taken == checked | {"dismissed": 0}


def test_the_other_ledgers_schemas_may_have_any_names(elsewhere: str, whole: Path) -> None:
    schemas = {
        f"BILLING_{name}_SCHEMA": f"Other_{name}"
        for name in ("INBOX", "LEDGER", "PROJECTIONS", "FINANCE")
    }
    other = CliRunner(env={"DATABASE_URL": elsewhere, **schemas})

    assert other.invoke(main, ["import", str(whole)]).exit_code == 0
    assert other.invoke(main, ["verify"]).stdout.endswith("history is what was sealed\n")


def test_the_workers_go_on_where_they_were(database_url: str, elsewhere: str, whole: Path) -> None:
    billing(elsewhere, "import", str(whole))
    before = logs(elsewhere)

    billing(elsewhere, "work", "--until-idle")
    billing(elsewhere, "seal")

    assert logs(elsewhere) == before
    assert "not sealed yet" not in billing(elsewhere, "verify").stdout


def test_a_ledger_that_is_not_empty_takes_nothing_in(database_url: str, whole: Path) -> None:
    before = logs(database_url)

    assert "into an empty ledger" in billing(database_url, "import", str(whole), status=1).stderr

    assert logs(database_url) == before


def test_a_bundle_holds_every_byte_row_and_seal(database_url: str, whole: Path) -> None:
    for name, entries in zip(("deliveries", "events"), logs(database_url), strict=True):
        told = lines(whole, f"{name}.jsonl")
        assert [(each["position"], each["stream"], each["state"]) for each in told] == [
            (position, stream, state.decode()) for position, stream, _, _, state in entries
        ]
        with (whole / f"{name}.csv").open(newline="") as opened:
            assert len(list(csv.DictReader(opened))) == len(told)
    assert len(lines(whole, "rows/purchases.jsonl")) == rows(database_url, "purchases")
    assert list((whole / "seals").glob("inbox-*.seal"))
    manifest = json.loads((whole / "manifest.json").read_text())
    for each in manifest["files"]:
        assert hashlib.sha256((whole / each["name"]).read_bytes()).hexdigest() == each["sha256"]


def rows(url: str, table: str, where: str = "true", *values: object) -> int:
    with psycopg.connect(url) as connection:
        query = f"SELECT count(*) FROM billing_projections.{table}_1 WHERE {where}"  # noqa: S608 - made up here
        row = connection.execute(query.encode(), values).fetchone()
        assert row is not None
        return int(row[0])


def test_a_customers_bundle_is_theirs_proven_and_no_ledger(
    database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    lived(database_url)
    with psycopg.connect(database_url, row_factory=dict_row) as connection:
        query = "SELECT * FROM billing_projections.purchases_1 WHERE customer_id IS NOT NULL"
        customer = str((connection.execute(query).fetchone() or {})["customer_id"])
    folder = tmp_path / "theirs"

    billing(database_url, "export", "--customer", customer, str(folder))

    for table in ("purchases", "entitlements", "invoices", "subscriptions", "paid_invoices"):
        told = lines(folder, f"rows/{table}.jsonl")
        assert {each["customer_id"] for each in told} <= {customer}
        assert len(told) == rows(database_url, table, "customer_id = %s", customer), table
    assert lines(folder, "proofs.jsonl")
    assert 0 < len(lines(folder, "deliveries.jsonl")) < len(logs(database_url)[0])
    checked = billing(elsewhere, "import", "--check", str(folder))
    assert checked.stdout.endswith("the bundle fits its seals and its manifest\n")
    refused = billing(elsewhere, "import", str(folder), status=1)
    assert "this is the bundle of a customer" in refused.stderr
    assert logs(elsewhere) == [[], []]


def test_a_period_has_all_in_between_and_is_no_ledger(
    database_url: str, elsewhere: str, tmp_path: Path
) -> None:
    lived(database_url)
    folder = tmp_path / "spring"

    billing(database_url, "export", "--from", "2026-03-01", "--to", "2026-06-01", str(folder))

    received = [each["received_at"] for each in csv_rows(folder / "deliveries.csv")]
    assert received
    assert min(received) >= "2026-03-01"
    assert max(received) < "2026-06-01"
    assert len(lines(folder, "events.jsonl")) == 0, "all was recorded today"
    billing(elsewhere, "import", "--check", str(folder))
    assert "the bundle of a period" in billing(elsewhere, "import", str(folder), status=1).stderr


def csv_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as opened:
        return list(csv.DictReader(opened))


def test_unknown_customers_and_folders_in_use_are_refused(
    database_url: str, tmp_path: Path
) -> None:
    lived(database_url)
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").touch()

    assert (
        "is not empty" in billing(database_url, "export", str(tmp_path / "used"), status=1).stderr
    )
    unknown = billing(
        database_url, "export", "--customer", "nobody", str(tmp_path / "new"), status=1
    )
    assert "nobody" in unknown.stderr
    both = ("--customer", "nobody", "--to", "2026-01-01", str(tmp_path / "new"))
    assert billing(database_url, "export", *both, status=2).stderr
    assert "no bundle" in billing(database_url, "import", str(tmp_path), status=1).stderr


def resigned(folder: Path) -> None:
    """What somebody with the key would do: list the files as they are now, and sign."""
    manifest = Manifest.read(folder)
    files = [hashed(folder, each.name) for each in manifest.files if (folder / each.name).exists()]
    replace(manifest, files=files).signed(KEY).write(folder)


def edit_line(name: str, change: Callable[[list[bytes]], object]) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        found = (folder / name).read_bytes().splitlines(keepends=True)
        change(found)
        (folder / name).write_bytes(b"".join(found))

    return edit


def swap(found: list[bytes]) -> None:
    found[3], found[4] = found[4], found[3]


EDITS = {
    "an event changed": edit_line(
        "events.jsonl", lambda each: each.__setitem__(9, each[9].replace(b"2026", b"2025"))
    ),
    "an event missing": edit_line("events.jsonl", lambda each: each.pop(5)),
    "a delivery missing": edit_line("deliveries.jsonl", lambda each: each.pop(0)),
    "deliveries swapped": edit_line("deliveries.jsonl", swap),
    "the last event missing": edit_line("events.jsonl", lambda each: each.pop()),
    "a line unreadable": edit_line("events.jsonl", lambda each: each.__setitem__(2, b"{}\n")),
    "a seal changed": edit_line(
        "seals/ledger-000000001.seal", lambda each: each.__setitem__(0, each[0].upper())
    ),
    "the first seal missing": lambda folder: (folder / "seals/ledger-000000001.seal").unlink(),
    "a seal missing": lambda folder: (folder / "seals/ledger-000000002.seal").unlink(),
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_an_edited_bundle_does_not_fit_even_with_the_manifest_signed_anew(
    elsewhere: str, whole: Path, edit: Callable[[Path], None]
) -> None:
    edit(whole)
    noticed = billing(elsewhere, "import", str(whole), status=1).stderr
    resigned(whole)

    inside = billing(elsewhere, "import", str(whole), status=1).stderr

    assert "manifest lists" in noticed or "is not there" in noticed
    assert inside.startswith("Error: the bundle does not fit: ")
    assert logs(elsewhere) == [[], []]


def test_an_edited_manifest_or_an_added_file_is_noticed(elsewhere: str, whole: Path) -> None:
    (whole / "more.txt").touch()
    assert "not in the manifest" in billing(elsewhere, "import", str(whole), status=1).stderr
    (whole / "more.txt").unlink()
    manifest = whole / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"whole"', '"period"'))
    assert "signature" in billing(elsewhere, "import", str(whole), status=1).stderr


def test_a_bundle_by_a_key_one_does_not_trust_is_refused(elsewhere: str, whole: Path) -> None:
    stranger = CliRunner(env={"DATABASE_URL": elsewhere})
    command = ["import", "--check", str(whole), "--key"]

    assert stranger.invoke(main, [*command, KEY.public]).exit_code == 0
    refused = stranger.invoke(main, [*command, OTHER_KEY.public])
    assert refused.exit_code == 1
    assert "which you do not trust" in refused.stderr
