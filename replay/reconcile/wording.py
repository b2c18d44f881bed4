"""What people read of a comparison and of a repair."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replay.reconcile.differences import EVENTS, Compared, Difference
from replay.reconcile.repairing import Repaired
from replay.terminal import value

NAMED = 10  # events that never came, before it says how many more
WORDS = {
    "missing": "not in the tables",
    "differs": "differs",
    "not_listed": "in the tables, and not listed by Stripe",
    "never_came": "never came",
}


def lines(compared: Compared) -> Iterator[str]:
    """How many of each kind, then what differs."""
    for kind, rows in compared.rows.items():
        count = sum(each.kind == kind for each in compared.differences)
        yield f"{kind:<20} {rows:>7} compared {count:>7} differ"
    yield f"{EVENTS:<20} {compared.events:>7} listed   {compared.missed:>7} never came"
    for each in compared.differences:
        if each.event is None:
            yield from _row(each)
    yield from _events([each for each in compared.differences if each.event])


def done_lines(done: Repaired) -> Iterator[str]:
    """What a repair brought, and what it could not."""
    yield f"{done.events} events and {done.objects} objects were fetched and kept"
    yield from (f"{key} is not at Stripe: it stays as it is" for key in done.gone)
    yield "once the workers are done, reconcile again"


def stopped(done: Repaired) -> str:
    """What a repair had brought when it was stopped."""
    return (
        f"until it stopped, {done.events} events and {done.objects} objects were fetched and kept: "
        "they stay; once the workers are done, reconcile again"
    )


def _row(each: Difference) -> Iterator[str]:
    yield f"{each.kind} {each.key}: {WORDS[each.what]}"
    for name, (ours, theirs) in each.columns.items():
        yield f"    {name}: {value(ours)} here, {value(theirs)} at Stripe"


def _events(missed: Sequence[Difference]) -> Iterator[str]:
    """The first that never came; `billing backfill` fetches them all."""
    for each in missed[: -NAMED - 1 : -1]:
        assert each.event is not None
        said = f"{each.event.type} of {value(each.event.created)}"
        yield f"{each.kind} {each.key}: {WORDS[each.what]} ({said})"
    if len(missed) > NAMED:
        more = len(missed) - NAMED
        yield f"and {more} events more that never came: `billing backfill` fetches all of them"
