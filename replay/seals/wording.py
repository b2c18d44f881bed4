"""How `billing verify` says what it found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from replay.seals.findings import Finding
from replay.seals.verifier import Verdict

SHOWN = 20
COUNTED = {"inbox": "deliveries", "ledger": "events", "reactions": "events"}


def told(verdicts: Sequence[Verdict], trusted: Sequence[str]) -> str:
    """The verdicts in a few lines, the answer last."""
    return "\n".join(_lines(verdicts, trusted))


def one(found: Finding) -> str:
    """A finding: where, and what is wrong."""
    stream = f" ({found.stream})" if found.stream else ""
    place = [f"position {found.position}{stream}"] if found.position is not None else []
    place += [f"seal {found.seal}"] if found.seal is not None else []
    return f"{found.log}, {', '.join(place)}: {found.problem.replace('_', ' ')}: {found.says}"


def _lines(verdicts: Sequence[Verdict], trusted: Sequence[str]) -> Iterator[str]:
    for each in verdicts:
        yield from _log(each)
    keys = sorted({key for each in verdicts for key in each.keys})
    for key in keys:
        known = "trusted" if key in trusted else "and you did not say whose it is"
        yield f"key       {key}, {known}"
    findings = [found for each in verdicts for found in each.findings]
    yield from (f"does not fit: {one(found)}" for found in findings[:SHOWN])
    more = len(findings) + sum(each.more for each in verdicts) - SHOWN
    if more > 0:
        yield f"... and {more} more"
    yield "history does not fit its seals" if findings else _answer(verdicts)


def _log(verdict: Verdict) -> Iterator[str]:
    copies = "" if verdict.copies is None else f", {verdict.copies} copies outside"
    until = "" if verdict.sealed_until is None else f", sealed until {verdict.sealed_until}"
    entries = f"{verdict.entries} {COUNTED[verdict.log]} looked at"
    yield f"{verdict.log:<9} {verdict.seals} seals{copies}, {entries}{until}"
    if verdict.unsealed is not None:
        tail = verdict.unsealed
        yield f"          not sealed yet: {tail.first} to {tail.last} ({tail.count})"
    if verdict.provider_signatures is not None:
        counts = verdict.provider_signatures
        yield (
            f"stripe    signature checked again: {counts['signed']} fit, {counts['wrong']} do not; "
            f"{counts['unsigned']} were fetched and have none"
        )


def _answer(verdicts: Sequence[Verdict]) -> str:
    if not any(each.seals for each in verdicts):
        return "nothing is sealed yet"
    return "history is what was sealed"
