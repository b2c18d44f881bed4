"""Reactions go into bundles like the rest, and wherever they are taken in nobody hears of them."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from ledger.event import Cause
from ledger.reactions.reaction import Reaction
from ledger.store.errors import PositionMoved
from replay.bundles.files import hashed
from replay.bundles.manifest import Manifest
from tests.ledger.reactions.given import Clock, Noted, workshop
from tests.ledger.sealing.given import KEY
from tests.replay.bundles.given import lines
from tests.replay.reacting import (
    DONE,
    FAILED,
    PARKED,
    UNTRIED,
    all_reactions,
    settle,
    source,
    statuses,
)
from tests.replay.test_no_effects import Installation, elsewhere, installed

__all__ = ["elsewhere", "installed", "source"]


def test_where_they_are_taken_in_nothing_is_sent(
    source: Installation, elsewhere: str, tmp_path: Path
) -> None:
    other = Installation(elsewhere, tmp_path / "other")
    source.billing("export", str(tmp_path / "bundle"))
    other.billing("migrate")
    other.billing("work", "--until-idle")  # a reactor began there already

    told = other.billing("import", str(tmp_path / "bundle"))
    other.billing("work", "--until-idle")

    assert "parked and are dismissed here: 3\n" in told
    assert other.mails == 0
    assert statuses(elsewhere) == {
        DONE: "done",
        **dict.fromkeys((FAILED, PARKED, UNTRIED), "dismissed"),
    }

    other.billing("reactions", "begin", "--from", "beginning")
    other.billing("work", "--until-idle")
    assert other.mails == 0
    assert other.billing("reactions", "retry", "--all") == ""
    other.billing("reactions", "retry", FAILED, status=1)
    assert other.billing("verify").endswith("history is what was sealed\n")

    other.append(9)
    other.billing("work", "--until-idle")
    assert other.mails == 1, "what happens from now on is told"


def test_who_is_at_work_meanwhile_does_nothing_of_it_either(
    source: Installation, elsewhere: str, tmp_path: Path
) -> None:
    noted, clock = Noted(), Clock(datetime.now(UTC) + timedelta(days=9))
    source.billing("export", str(tmp_path / "bundle"))
    with workshop(elsewhere, clock, noted) as at:
        reactor, executor = at.reactor(), at.executor()
        assert reactor.follow() == 0

        Installation(elsewhere, tmp_path).billing("import", str(tmp_path / "bundle"))
        executor.follow()

        assert not executor.work()
        with pytest.raises(PositionMoved):
            reactor.follow()
    assert noted.tasks == []


def test_a_ledger_with_reactions_of_its_own_takes_nothing_in(
    source: Installation, elsewhere: str, tmp_path: Path
) -> None:
    other = Installation(elsewhere, tmp_path / "other")
    source.billing("export", str(tmp_path / "bundle"))
    other.billing("migrate")
    settle(elsewhere, all_reactions(source.url)[DONE])
    own = Reaction(UNTRIED)
    intent = all_reactions(source.url)[UNTRIED].intent
    assert intent is not None
    own.intend(intent, Cause("x", datetime.now(UTC), datetime.now(UTC)))
    settle(elsewhere, own)

    refused = other.billing("import", str(tmp_path / "bundle"), status=1)

    assert "billing_reactions has events already" in refused
    assert statuses(elsewhere)[DONE] == "unknown"


def test_a_bundle_holds_every_step_sealed(source: Installation, tmp_path: Path) -> None:
    folder = tmp_path / "bundle"
    told = source.billing("export", str(folder))

    assert ", 8 events of reactions\n" in told
    steps = [(each["stream"], each["topic"]) for each in lines(folder, "reactions.jsonl")]
    assert (DONE, "Reaction.Done") in steps
    assert (FAILED, "Reaction.Failed") in steps
    with (folder / "reactions.csv").open(newline="") as opened:
        assert [(each["stream"], each["topic"]) for each in csv.DictReader(opened)] == steps
    assert list((folder / "seals").glob("reactions-*.seal"))
    assert source.billing("import", "--check", str(folder)).count(", 8 of them") == 1

    file = folder / "reactions.jsonl"
    file.write_bytes(file.read_bytes().replace(b"Reaction.Failed", b"Reaction.Faked"))
    resign(folder)
    refused = source.billing("import", "--check", str(folder), status=1)
    assert "does not fit: reactions, position" in refused


def resign(folder: Path) -> None:
    manifest = Manifest.read(folder)
    files = [hashed(folder, each.name) for each in manifest.files if (folder / each.name).exists()]
    replace(manifest, files=files).signed(KEY).write(folder)


def test_a_customers_bundle_has_what_was_done_about_them_proven(
    source: Installation, tmp_path: Path
) -> None:
    folder = tmp_path / "theirs"

    source.billing("export", "--customer", "ann", str(folder))

    theirs = {each["stream"] for each in lines(folder, "reactions.jsonl")}
    assert {DONE, FAILED} <= theirs
    assert "beginning/reactor" not in theirs
    proven = [json.dumps(each) for each in lines(folder, "proofs.jsonl")]
    assert sum('"log": "reactions"' in each for each in proven) == len(
        lines(folder, "reactions.jsonl")
    )
    assert "the bundle fits" in source.billing("import", "--check", str(folder))


def test_a_period_has_what_was_done_in_it(source: Installation, tmp_path: Path) -> None:
    source.billing("export", "--to", "2026-01-01", str(tmp_path / "before"))
    source.billing("export", "--from", "2026-01-01", str(tmp_path / "since"))

    assert lines(tmp_path / "before", "reactions.jsonl") == []
    assert len(lines(tmp_path / "since", "reactions.jsonl")) == 8
    source.billing("import", "--check", str(tmp_path / "since"))


def test_bundles_of_earlier_releases_have_none_and_are_taken_in(
    source: Installation, elsewhere: str, tmp_path: Path
) -> None:
    folder, other = tmp_path / "bundle", Installation(elsewhere, tmp_path / "other")
    source.billing("export", str(folder))
    for each in (*folder.glob("reactions.*"), *folder.glob("seals/reactions-*")):
        each.unlink()
    manifest = Manifest.read(folder)
    spans = {log: span for log, span in manifest.spans.items() if log != "reactions"}
    replace(manifest, spans=spans).signed(KEY).write(folder)
    resign(folder)

    other.billing("import", str(folder))
    other.billing("work", "--until-idle")

    assert other.mails == 0
    assert set(statuses(elsewhere).values()) == {"unknown"}
