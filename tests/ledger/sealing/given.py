"""Keys, settings and small logs to seal."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from eventsourcing.persistence import StoredEvent

from ledger.sealing.keys import SealKey
from ledger.sealing.sealer import Sealer
from ledger.settings import Settings
from ledger.store.datastore import Datastore
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder

NAMES = Names()
SECRET, OTHER_SECRET = "1" * 64, "2" * 64
KEY, OTHER_KEY = SealKey(SECRET), SealKey(OTHER_SECRET)
NOON = datetime(2027, 1, 1, 12, tzinfo=UTC)


def settings(folder: Path | None = None, most_events: int = 4, **more: str) -> Settings:
    """Settings with a key, and with copies in `folder`."""
    environment = {"BILLING_SEAL_KEY": SECRET, "BILLING_SEAL_EVENTS": str(most_events), **more}
    if folder is not None:
        environment["BILLING_SEAL_DIR"] = str(folder)
    return Settings.from_environment(environment)


def sealer(url: str, by: Settings, now: datetime = NOON, key: SealKey = KEY) -> Sealer:
    """A sealer whose clock stands still."""
    return Sealer(url, by, key, lambda: now)


def seal(url: str, by: Settings, everything: bool = True) -> int:
    """Seals what there is; how many seals that made."""
    with closing(sealer(url, by)) as made:
        return made.seal(everything)


def append(url: str, numbers: Sequence[int], schema: str = NAMES.ledger) -> None:
    """Small events, each on a stream of its own."""
    with closing(Datastore(url, schema)) as datastore:
        recorder = GroupCommitRecorder(datastore)
        recorder.insert_events(
            [StoredEvent(f"thing/{n}", 1, "Thing.Seen", b'{"n":%d}' % n) for n in numbers]
        )
