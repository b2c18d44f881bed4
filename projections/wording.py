"""How the commands say what they found."""

from __future__ import annotations

from collections.abc import Iterator

from projections.comparison import Difference, Sample
from projections.reacting import Reacted
from projections.sealed import Sealed
from projections.status import Progress, Status


def told(status: Status) -> str:
    """A status in a few lines."""
    deliveries = ", ".join(f"{n} {outcome}" for outcome, n in sorted(status.deliveries.items()))
    as_of = f"{status.as_of:%Y-%m-%d %H:%M:%S}"
    lines = (
        worker("bookkeeper", status.bookkeeper),
        *([worker("fetcher", status.fetcher)] if status.fetcher else []),
        *([worker("fees", status.fees)] if status.fees else []),
        worker("projector", status.projector),
        *([reactor(status.reactor)] if status.reactor else []),
        *([sealer(status.sealer)] if status.sealer else []),
        f"{'tables':<11} generation {status.generation}, as of {as_of} UTC",
        f"{'deliveries':<11} {deliveries or 'none'}",
    )
    return "\n".join(lines)


def worker(name: str, progress: Progress) -> str:
    """One worker's line."""
    lag = f"{progress.lag_events} behind, for {progress.lag_seconds} s"
    state = "running" if progress.leader else "not running"
    return f"{name:<11} {state}, at {progress.position} of {progress.head}, {lag}"


def reactor(reacted: Reacted) -> str:
    """The reactor's line."""
    lag = f"{reacted.lag_events} behind, for {reacted.lag_seconds} s"
    state = "running" if reacted.leader else "not running"
    at = f"at {reacted.position} of {reacted.head}, {lag}"
    return f"{'reactor':<11} {state}, {at}; {reacted.waiting} wait, {reacted.parked} parked"


def sealer(sealed: Sealed) -> str:
    """The sealer's line."""
    state = "running" if sealed.leader else "not running"
    last = f"{sealed.last_sealed_at:%Y-%m-%d %H:%M:%S} UTC" if sealed.last_sealed_at else "never"
    late = ", overdue" if sealed.overdue else ""
    return f"{'sealer':<11} {state}, {sealed.unsealed_events} unsealed, last seal {last}{late}"


def described(difference: Difference) -> Iterator[str]:
    """What differs in one table, with some of its rows."""
    found = (
        "same"
        if difference.is_empty
        else f"{difference.added} added, {difference.gone} gone, {difference.changed} changed"
    )
    yield f"{difference.table:<14} {difference.rows:>9} rows, {found}"
    for what, samples in difference.samples.items():
        for sample in samples:
            yield f"  {what}: {one(sample)}"


def one(sample: Sample) -> str:
    """One row that differs."""
    key = sample.key if isinstance(sample.key, str) else " ".join(sample.key)
    pairs = [f"{name} {before!s} -> {after!s}" for name, (before, after) in sample.columns.items()]
    return ": ".join(filter(None, [key, ", ".join(pairs)]))
