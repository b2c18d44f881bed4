"""Reactions as they stand: what `billing reactions list` has of them, in words and with whose."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ledger.ids import parse_stream
from ledger.reactions.listing import Listed, listed
from ledger.reactions.store import reactions_of
from replay.acts import told_acts
from replay.happened import Happened
from replay.past import Past
from replay.whose import Whose


class Standing(msgspec.Struct, frozen=True):
    """A reaction, the last that happened to it, and the `customers` it concerns.

    `account` is the connected account it belongs to, if any.
    """

    listed: Listed
    last: Happened
    customers: list[str]
    account: str | None


def standing(past: Past, whose: Whose, ids: Sequence[str]) -> list[Standing]:
    """The reactions with these ids, in the order of these."""
    last = {each.stream: each for each in told_acts(past, past.acts(ids))}
    found = [listed(each) for each in reactions_of(past.reactions, ids).values()]
    owners = whose.owners_of(sorted({_subject(each) for each in found}))
    return [
        Standing(
            listed=each,
            last=last[each.id],
            customers=owners[_subject(each)],
            account=parse_stream(each.id).scope.account or None,
        )
        for each in found
    ]


def _subject(reaction: Listed) -> str:
    """The stream of the event that called for it."""
    return reaction.because.rpartition("#")[0]
