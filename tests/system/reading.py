"""Finance, reading all it may read over a connection of its own, on and on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

from psycopg.sql import SQL, Identifier

from tests.system.installation import NAMES, Installation

_VIEWS = "SELECT table_name FROM information_schema.views WHERE table_schema = %s"


class Reader:
    """Reads every view in turn; what it was refused is in `failures`."""

    def __init__(self, installation: Installation) -> None:
        self.rounds = 0
        self.failures: list[Exception] = []
        self._installation = installation
        self._stop = Event()

    def stop(self) -> None:
        self._stop.set()

    def read(self) -> None:
        """Until it is stopped or refused."""
        try:
            with self._installation.finance() as finance:
                views = [row[0] for row in finance.execute(_VIEWS, [NAMES.finance])]
                assert "entitlements" in views
                while not self._stop.is_set():
                    for view in views:
                        finance.execute(_ALL.format(Identifier(NAMES.finance, view))).fetchall()
                    self.rounds += 1
        except Exception as failure:  # noqa: BLE001 - any failure at all is what is looked for
            self.failures.append(failure)


_ALL = SQL("SELECT * FROM {}")


@contextmanager
def reading(installation: Installation) -> Iterator[Reader]:
    """Somebody reads in the background."""
    reader = Reader(installation)
    thread = Thread(target=reader.read)
    thread.start()
    try:
        yield reader
    finally:
        reader.stop()
        thread.join()
