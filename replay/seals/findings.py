"""What does not fit, where, and how that is said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec
from msgspec.structs import replace

Problem = Literal[
    "changed",
    "missing",
    "inserted",
    "moved",
    "stretch_changed",
    "seal_missing",
    "seal_unreadable",
    "seal_misplaced",
    "signature_wrong",
    "key_unknown",
    "chain_broken",
    "leaves_rewritten",
    "copy_missing",
    "copy_differs",
    "provider_signature_wrong",
]

SENTENCES: dict[Problem, str] = {
    "changed": "what stands here is not what was sealed",
    "missing": "what was sealed here is gone",
    "inserted": "this was not here when the stretch was sealed",
    "moved": "what was sealed at {origin} stands at {place}",
    "stretch_changed": "the entries from here to {upto} are not those that were sealed",
    "seal_missing": "the seal is gone",
    "seal_unreadable": "the seal was rewritten: it is no seal any more",
    "seal_misplaced": "the seal was rewritten: it is that of another place",
    "signature_wrong": "the seal was rewritten: its signature does not fit",
    "key_unknown": "the seal is signed by {key}, which is not a key that is trusted",
    "chain_broken": "the seal does not continue the one before: one of them was rewritten",
    "leaves_rewritten": "the list of what was sealed was rewritten: its root is another",
    "copy_missing": "the seal's copy outside is gone",
    "copy_differs": "the seal in the database is not the copy outside",
    "provider_signature_wrong": "no secret given signed this delivery's body",
}


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that does not fit: at a position of a log, within a seal; `says` explains it.

    Of something wrong with a seal itself, `position` is the first it covers, if that is known.
    `stream` is that of what stands there now.
    """

    log: str
    position: int | None
    seal: int | None
    problem: Problem
    says: str = ""
    stream: str | None = None


class Misfit(msgspec.Struct, frozen=True):
    """An entry that does not fit: the digest that was sealed at its position, and that found.

    `stream` is that of what was found.
    """

    position: int
    sealed: bytes | None
    found: bytes | None
    stream: str | None = None


def finding(
    problem: Problem, log: str, position: int | None, seal: int | None, **values: object
) -> Finding:
    """A finding with its sentence."""
    says = SENTENCES[problem].format(**values)
    return Finding(log=log, position=position, seal=seal, problem=problem, says=says)


def told(log: str, misfits: Iterable[tuple[int, Misfit]]) -> Iterator[Finding]:
    """Findings for misfits, each with its seal; what only changed its place is told as that."""
    known = list(misfits)
    sealed_at = {each.sealed: each.position for _, each in known if each.sealed}
    found_at = {each.found: each.position for _, each in known if each.found}
    for seal, each in known:
        told = replace(finding(_problem(each), log, each.position, seal), stream=each.stream)
        if each.sealed in found_at:
            move = {"origin": each.position, "place": found_at[each.sealed]}
        elif each.found in sealed_at:
            move = {"origin": sealed_at[each.found], "place": each.position}
        else:
            yield told
            continue
        says = SENTENCES["moved"].format(**move)
        yield replace(told, problem="moved", says=says)


def _problem(misfit: Misfit) -> Problem:
    if misfit.found is None:
        return "missing"
    return "inserted" if misfit.sealed is None else "changed"
