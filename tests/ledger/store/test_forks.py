"""A recorder made before a fork works on both sides of it."""

import subprocess
import sys

from ledger.store.log import LogReader
from tests.system.patience import LONGEST_SECONDS


def test_parent_and_children_append_with_the_same_recorder(
    database_url: str, reader: LogReader
) -> None:
    subprocess.run(
        [sys.executable, "-m", "tests.ledger.store.forking", database_url],
        check=True,
        timeout=LONGEST_SECONDS,
    )

    streams = {entry[1] for entry in reader.entries(0, limit=10_000)}
    names = ["busy", "parent", *(f"child {n}" for n in range(4))]
    expected = {
        f"{name} {thread} {call}" for name in names for thread in range(8) for call in range(20)
    }
    assert streams == expected | {"before"}
