"""Seals close a log without gap or fork, whatever happens to the sealer, and are copied outside."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Event

import psycopg
import pytest

from ledger.sealing.copies import Copies, CopyDiffers
from ledger.sealing.seal import BEGINNING, Seal, read_seal
from ledger.sealing.store import SealOvertaken, SealStore, Stored
from tests.ledger.sealing.given import KEY, NAMES, NOON, append, seal, sealer, settings


def stored(url: str, log: str = "ledger") -> list[Stored]:
    with psycopg.connect(url) as connection:
        return list(SealStore(NAMES.ledger).after(connection, log, 0))


def chain(url: str, log: str = "ledger") -> list[Seal]:
    """The seals of a log; each has to continue the one before and to close its own sheet."""
    found: list[Seal] = []
    before = BEGINNING
    for number, each in enumerate(stored(url, log), 1):
        read, sheet = read_seal(each.line), each.sheet
        assert read is not None
        assert sheet is not None
        assert (read.number, read.log, read.previous) == (number, log, before)
        assert read.closes(sheet)
        assert read.signature_fits
        assert read.key == KEY.public
        found.append(read)
        before = read.hash
    return found


def test_full_stretches_are_closed_and_the_rest_when_it_is_old(database_url: str) -> None:
    append(database_url, range(10))
    by = settings()
    with closing(sealer(database_url, by)) as young:
        assert young.seal() == 2
    with closing(sealer(database_url, by, NOON + timedelta(seconds=3599))) as young:
        assert young.seal() == 0
    with closing(sealer(database_url, by, NOON + timedelta(seconds=3600))) as old:
        assert old.seal() == 1
        assert old.seal() == 0

    assert [each.count for each in chain(database_url)] == [4, 4, 2]


def test_the_first_seal_of_a_log_waits_for_nothing(database_url: str) -> None:
    append(database_url, range(1))
    with closing(sealer(database_url, settings())) as young:
        assert young.seal() == 1


def test_all_logs_have_chains_of_their_own(database_url: str) -> None:
    append(database_url, range(5))
    append(database_url, range(3), NAMES.inbox)
    append(database_url, range(6), NAMES.reactions)

    assert seal(database_url, settings()) == 5

    assert [each.count for each in chain(database_url)] == [4, 1]
    assert [each.count for each in chain(database_url, "inbox")] == [3]
    assert [each.count for each in chain(database_url, "reactions")] == [4, 2]


def test_a_position_is_sealed_once_whatever_is_appended_meanwhile(database_url: str) -> None:
    with closing(sealer(database_url, settings(most_events=3))) as made:
        for start in range(0, 60, 5):
            append(database_url, range(start, start + 5))
            made.seal()
        made.seal(everything=True)

    positions = [position for each in stored(database_url) for position, _ in each.sheet or ()]
    assert positions == sorted(set(positions))
    assert len(positions) == 60
    assert len(chain(database_url)) == 20


def test_what_is_not_committed_yet_is_sealed_in_its_place_later(database_url: str) -> None:
    append(database_url, range(1))
    append_one = "SELECT billing_ledger.append('{slow}', '{1}', '{Thing.Seen}', ARRAY[''::bytea])"
    with closing(sealer(database_url, settings())) as made, psycopg.connect(database_url) as slow:
        slow.execute(append_one)

        assert made.seal(everything=True) == 1
        slow.commit()
        append(database_url, range(1, 3))
        assert made.seal(everything=True) == 1

    assert [each.count for each in chain(database_url)] == [1, 3]


def test_told_to_stop_it_ends_after_a_seal(database_url: str) -> None:
    append(database_url, range(20))
    stop = Event()
    stop.set()
    with closing(sealer(database_url, settings())) as made:
        assert made.seal(stop=stop) == 0


def test_of_two_sealers_one_is_refused_and_nothing_forks(database_url: str, tmp_path: Path) -> None:
    append(database_url, range(4))
    by = settings(tmp_path)
    with closing(sealer(database_url, by)) as one, closing(sealer(database_url, by)) as other:
        assert one.seal() == 1
        assert other.seal() == 0
        append(database_url, range(4, 8))
        assert one.seal() == 1

        with pytest.raises(SealOvertaken, match="seal 2 of the ledger does not follow seal 2"):
            other.seal()

    assert len(chain(database_url)) == 2
    assert Copies(tmp_path).numbers("ledger") == [1, 2]


def test_a_copy_says_what_the_database_says(database_url: str, tmp_path: Path) -> None:
    append(database_url, range(6))
    seal(database_url, settings(tmp_path))
    append(database_url, range(6, 7))
    seal(database_url, settings(tmp_path))

    copies = Copies(tmp_path)
    for each in stored(database_url):
        copy = copies.read("ledger", each.number)
        assert copy is not None
        assert copy.line == each.line
        assert copy.sheet is not None
        assert each.sheet is not None
        assert copy.sheet.entries == each.sheet.entries
    assert sorted(each.name for each in tmp_path.iterdir()) == [
        f"ledger-{n:09}.seal" for n in (1, 2, 3)
    ]


def test_a_folder_that_is_new_or_behind_gets_all_copies_it_lacks(
    database_url: str, tmp_path: Path
) -> None:
    append(database_url, range(10))
    seal(database_url, settings())
    seal(database_url, settings(tmp_path))
    assert Copies(tmp_path).numbers("ledger") == [1, 2, 3]
    append(database_url, range(10, 12))
    seal(database_url, settings())

    seal(database_url, settings(tmp_path))

    assert Copies(tmp_path).numbers("ledger") == [1, 2, 3, 4]


def test_a_copy_that_says_otherwise_is_kept_and_nothing_more_is_sealed(
    database_url: str, tmp_path: Path
) -> None:
    append(database_url, range(4))
    seal(database_url, settings(tmp_path))
    (file,) = tmp_path.iterdir()
    file.write_text("something else\n")
    append(database_url, range(4, 8))

    with pytest.raises(CopyDiffers):
        seal(database_url, settings(tmp_path))

    assert file.read_text() == "something else\n"
    assert len(stored(database_url)) == 1


class StopsAtTheFirstPause(Event):
    """Lets a sealer run until it would wait."""

    def wait(self, timeout: float | None = None) -> bool:
        self.set()
        return True


def test_a_sealer_that_cannot_seal_says_so_and_does_not_die(
    database_url: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    append(database_url, range(4))
    seal(database_url, settings(tmp_path))
    (file,) = tmp_path.iterdir()
    text = file.read_text()
    file.write_text("something else\n")
    append(database_url, range(4, 8))
    with closing(sealer(database_url, settings(tmp_path))) as made:
        made.run(StopsAtTheFirstPause())
        assert "nothing is sealed: " in caplog.text
        file.write_text(text)

        made.run(StopsAtTheFirstPause())

    assert len(chain(database_url)) == 2


def test_a_sealer_waits_for_a_database_that_is_away(caplog: pytest.LogCaptureFixture) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/nowhere"
    with closing(sealer(nowhere, settings())) as made:
        made.run(StopsAtTheFirstPause())

    assert "the sealer waits for the database" in caplog.text


def test_seals_the_database_lost_are_not_made_again_beside_their_copies(
    database_url: str, tmp_path: Path
) -> None:
    append(database_url, range(8))
    seal(database_url, settings(tmp_path))
    with psycopg.connect(database_url) as superuser:
        superuser.execute("DELETE FROM billing_ledger.seals WHERE number = 2")

    with pytest.raises(CopyDiffers):
        seal(database_url, settings(tmp_path))
