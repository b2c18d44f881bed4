"""The sealer: follows all logs and closes what has settled, stretch by stretch.

The database decides which seal is next; the file outside is a copy of what it decided. So a crash
between any two steps leaves a seal that was never made, or one whose copy is made later.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import psycopg
from eventsourcing.persistence import OperationalError

from ledger.sealing.copies import Copies, CopiesOutOfReach, CopyDiffers
from ledger.sealing.keys import SealKey
from ledger.sealing.merkle import digest
from ledger.sealing.seal import LOGS, Seal, sealed
from ledger.sealing.sheet import Sheet
from ledger.sealing.store import SealStore, SealUnreadable
from ledger.settings import Sealing, Settings
from ledger.store.connection import LIMIT_SECONDS, BoundedConnection, conninfo, session
from ledger.store.log import PAGE_SIZE, LogReader

LOOK_SECONDS = 1.0
TROUBLE_SECONDS = 10.0

_log = logging.getLogger(__name__)


class Strand:
    """One log: its last seal, and the sheet of what came after it."""

    def __init__(self, log: str, reader: LogReader, last: Seal | None) -> None:
        self.log = log
        self.last = last
        self.sheet = Sheet()
        self._reader = reader

    def read(self, most_events: int) -> None:
        """Takes in what has settled since, `most_events` in a sheet at most.

        The readers' guarantee holds here: no entry comes later at a position before.
        """
        while size := min(PAGE_SIZE, most_events - len(self.sheet)):
            page = self._reader.entries(self._position, size)
            for position, stream, version, topic, state in page:
                self.sheet.add(position, digest(stream, version, topic, state))
            if len(page) < size:
                return

    def follow(self, seal: Seal) -> None:
        """The sheet was closed by `seal`."""
        self.last, self.sheet = seal, Sheet()

    def is_due(self, limits: Sealing, now: datetime, everything: bool) -> bool:
        """By count or by age, or because everything is to be closed."""
        age = timedelta(seconds=limits.most_seconds)
        is_old = self.last is None or now - self.last.time >= age
        is_full = len(self.sheet) >= limits.most_events
        return len(self.sheet) > 0 and (everything or is_old or is_full)

    @property
    def _position(self) -> int:
        if self.sheet:
            return self.sheet.last
        return self.last.last if self.last else 0


class Sealer:
    """Seals all logs. Of two at the same time, one is refused: SealOvertaken."""

    def __init__(
        self, url: str, settings: Settings, key: SealKey, clock: Callable[[], datetime]
    ) -> None:
        self._key = key
        self._clock = clock
        self._limits = settings.sealing
        self._store = SealStore(settings.names.ledger)
        self._copies = Copies(self._limits.folder) if self._limits.folder else None
        self._readers = {log: LogReader(url, at) for log, at in settings.names.logs.items()}
        self._conninfo = conninfo(url, session(settings.names.writer, LIMIT_SECONDS))
        self._connection: BoundedConnection[Any] | None = None
        self._strands: dict[str, Strand] = {}

    def run(self, stop: threading.Event) -> None:
        """Seals until `stop` is set. What is in the way is told, and tried again later.

        Raises SealOvertaken when another sealer is at work.
        """
        while not stop.is_set():
            try:
                self.seal(stop=stop)
                stop.wait(LOOK_SECONDS)
            except (OperationalError, psycopg.Error) as problem:
                _log.warning("the sealer waits for the database: %s", problem)
                self._start_over(stop)
            except (CopiesOutOfReach, CopyDiffers, SealUnreadable) as problem:
                _log.error("nothing is sealed: %s", problem)
                self._start_over(stop)

    def seal(self, everything: bool = False, stop: threading.Event | None = None) -> int:
        """Closes what is due, or everything there is now; how many seals that made.

        With years to catch up on, `stop` ends it after a seal.
        """
        stop = stop or threading.Event()
        return sum(self._seal(log, everything, stop) for log in LOGS)

    def close(self) -> None:
        """Hang up."""
        self._hang_up()
        for reader in self._readers.values():
            reader.close()

    def _seal(self, log: str, everything: bool, stop: threading.Event) -> int:
        made = 0
        strand = self._strand(log)
        strand.read(self._limits.most_events)
        now = self._clock()
        while strand.is_due(self._limits, now, everything) and not stop.is_set():
            self._close(strand, now)
            made += 1
            strand.read(self._limits.most_events)
        return made

    def _close(self, strand: Strand, now: datetime) -> None:
        seal = sealed(strand.log, strand.last, strand.sheet, self._key, now)
        self._store.add(self._connected(), seal, strand.sheet)
        if self._copies is not None:
            self._copies.write(seal.log, seal.number, seal.line, strand.sheet)
        strand.follow(seal)
        _log.info("sealed the %s from %s to %s", seal.log, seal.first, seal.last)

    def _strand(self, log: str) -> Strand:
        """Where we left off, or else where the database says."""
        if log not in self._strands:
            last = self._store.last(self._connected(), log)
            if self._copies is not None:
                self._copy_missing(self._copies, log)
            self._strands[log] = Strand(log, self._readers[log], last)
        return self._strands[log]

    def _copy_missing(self, copies: Copies, log: str) -> None:
        """Writes the copies a crash kept from being made. Raises CopyDiffers.

        Only those after the last copy, and only if that one is ours: what is missing before it
        is for `billing verify` to say.
        """
        copies.tidy()
        last = max(copies.numbers(log), default=0)
        for stored in self._store.after(self._connected(), log, last - 1):
            sheet = stored.sheet
            if sheet is None:
                raise SealUnreadable(log, stored.number)
            copies.write(log, stored.number, stored.line, sheet)
        if self._store.count(self._connected(), log) < last:
            raise CopyDiffers(copies.file(log, last))

    def _connected(self) -> BoundedConnection[Any]:
        if self._connection is None or self._connection.closed:
            self._connection = BoundedConnection.connect(self._conninfo, autocommit=True)
        return self._connection

    def _start_over(self, stop: threading.Event) -> None:
        self._strands.clear()
        self._hang_up()
        stop.wait(TROUBLE_SECONDS)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
        self._connection = None
