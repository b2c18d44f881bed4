"""What one fresh process does in a round: read all logs, seal them, or verify all of it."""

from __future__ import annotations

from contextlib import closing
from tempfile import TemporaryDirectory
from time import perf_counter

import psycopg

from benchmarks.folding import Run, peak_bytes
from ledger.assembly import clock
from ledger.sealing.keys import SealKey
from ledger.sealing.sealer import Sealer
from ledger.settings import Settings
from ledger.store.log import LogReader
from replay.seals.cli import reading
from replay.seals.verifier import Verifier

SECRET = "5" * 64


def read(url: str) -> Run:
    """Read every column of the same rows in pages, and do nothing."""
    start = perf_counter()
    for schema in _settings().names.logs.values():
        with closing(LogReader(url, schema)) as reader:
            position = 0
            while page := reader.entries(position):
                position = page[-1][0]
    return Run(perf_counter() - start, 0.0, peak_bytes())


def seal(url: str) -> Run:
    """Close all logs anew, with a copy of each seal on disk."""
    with psycopg.connect(url) as superuser:
        superuser.execute("TRUNCATE billing_ledger.seals")
    with TemporaryDirectory() as folder:
        settings = _settings(folder)
        start = perf_counter()
        with closing(Sealer(url, settings, SealKey(SECRET), clock)) as sealer:
            sealer.seal(everything=True)
        return Run(perf_counter() - start, 0.0, peak_bytes())


def verify(url: str) -> Run:
    """Recompute every hash and signature; all has to fit."""
    settings = _settings()
    start = perf_counter()
    with reading(settings, url) as connection:
        verifier = Verifier(connection, settings.names, trusted=[SealKey(SECRET).public])
        verdicts = verifier.verify()
    seconds = perf_counter() - start
    assert all(each.fits and not each.unsealed for each in verdicts), verdicts
    assert [bool(each.seals) for each in verdicts] == [bool(each.entries) for each in verdicts]
    return Run(seconds, 0.0, peak_bytes())


def _settings(folder: str = "") -> Settings:
    return Settings.from_environment({"BILLING_SEAL_DIR": folder, "BILLING_SEAL_KEY": SECRET})
