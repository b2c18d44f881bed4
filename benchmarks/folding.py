"""What one fresh process does in a round: rebuild the tables, or only read and decode."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

import msgspec

from ledger.events import DECODERS
from ledger.store.log import LogReader
from ledger.store.names import Names
from projections.engine import PAGE_RECORDS
from projections.fingerprint import current_fingerprint
from projections.rebuild import Rebuild

KIBIBYTE = 1024


class Run(msgspec.Struct, frozen=True):
    """How long it took, how much of that was folding, and the most memory the process had."""

    seconds: float
    folding_seconds: float
    peak_bytes: int


def rebuild(url: str) -> Run:
    """Fold all history in memory and copy the rows into indexed tables, as the command does."""
    with Rebuild(url, Names()) as run:
        start = perf_counter()
        run.fold()
        folded = perf_counter()
        run.write()
        return Run(perf_counter() - start, folded - start, peak_bytes())


def read(url: str) -> Run:
    """Read the same rows in the same pages, decode each by its type, and do nothing."""
    reader, decode = LogReader(url, Names.ledger), {k: v.decode for k, v in DECODERS.items()}
    reader.head()  # connects
    start = perf_counter()
    for page in reader.pages(0, PAGE_RECORDS):
        for _, topic, state in page:
            decode[topic](state)
    seconds = perf_counter() - start
    reader.close()
    return Run(seconds, 0.0, peak_bytes())


def prove(url: str) -> None:
    """A rebuild finds the very rows that are live, and switching to it changes none."""
    _, before = current_fingerprint(url, Names())
    with Rebuild(url, Names()) as run:
        run.fold()
        differences = [each for each in run.compare() if not each.is_empty]
        assert not differences, f"a rebuild differs: {differences}"
        run.switch(run.write())
    _, after = current_fingerprint(url, Names())
    assert before == after, "a rebuild changed the fingerprint"


def peak_bytes() -> int:
    """The most memory this process ever held (Linux); what it was forked from does not count."""
    lines = Path("/proc/self/status").read_text().splitlines()
    (line,) = (each for each in lines if each.startswith("VmHWM:"))
    return int(line.split()[1]) * KIBIBYTE
