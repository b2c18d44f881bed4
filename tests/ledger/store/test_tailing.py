"""The guarantee: whoever follows the positions passes over nothing, whatever happens at once."""

from concurrent.futures import Future, ProcessPoolExecutor
from multiprocessing import get_context

from ledger.store.log import LogReader
from ledger.store.recorder import GroupCommitRecorder
from tests.ledger.store.examples import stored_event
from tests.ledger.store.writers import append_many

PROCESSES = 2


def test_a_tailing_reader_misses_nothing_and_sees_the_order(
    database_url: str, reader: LogReader
) -> None:
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        writers = [pool.submit(append_many, database_url, n) for n in range(PROCESSES)]
        seen = tail(reader, writers)
        written = sum(writer.result() for writer in writers)

    stored = [record[0] for record in reader.after(0, limit=1_000_000)]
    assert seen == stored
    assert seen == sorted(set(seen))
    assert len(seen) == written


def tail(reader: LogReader, writers: list[Future[int]]) -> list[int]:
    """The positions seen by asking again and again for what is after the last one seen."""
    seen: list[int] = []
    over = False
    while not over:
        over = all(writer.done() for writer in writers)  # before the last look, not after
        for page in reader.pages(seen[-1] if seen else 0, size=50):
            seen.extend(record[0] for record in page)
    return seen


def test_one_group_holds_no_more_than_its_bounds_and_stores_all(
    recorder: GroupCommitRecorder, reader: LogReader
) -> None:
    large = b"x" * 9 * 1024 * 1024

    recorder.insert_events([stored_event("large", state=large)])
    recorder.insert_events([stored_event("many", version) for version in range(1, 5_001)])

    assert [len(page) for page in reader.pages(1, size=1_000)] == [1_000] * 5
    assert recorder.select_events("large")[0].state == large
