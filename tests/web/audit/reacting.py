"""Reactions to a ledger that has lived, which came to all kinds of ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

from ledger.event import Cause
from ledger.ids import parse_stream
from ledger.reactions.events import Intended
from ledger.reactions.reaction import Reaction
from ledger.reactions.store import Reactions
from ledger.store.names import Names
from replay.past import Past, Recorded, recorded

CALL, FACT = "webhook.entitlement.granted", "entitlement.granted:purchase:{}:1:group:9:5e5e5e5e"
SECRETS = ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "https://app.example/hooks", "u1@example.org")
"""What an effect may have to know, and no page has to tell."""


def react(url: str) -> None:
    """A receipt for each payment that gave access, mailed a minute later."""
    with Past(url, Names()) as past, Reactions(url, Names()) as reactions:
        for at in _entitled(past):
            reaction, soon = _intended(at, "mail.receipt", "{}"), timedelta(minutes=1)
            reaction.finish(None, _later(at, "executor", soon))
            reactions.append(reaction.collect_events())


def react_otherwise(url: str) -> dict[str, str]:
    """A call for each of the first payments that gave access, one for each end: end -> its id."""
    with Past(url, Names()) as past, Reactions(url, Names()) as reactions:
        found = {}
        for (end, come_to), at in zip(ENDS.items(), _entitled(past), strict=False):
            reaction = _intended(at, CALL, FACT)
            come_to(reaction, at)
            reactions.append(reaction.collect_events())
            found[end] = reaction.id
    assert len(found) == len(ENDS)
    return found


def _entitled(past: Past) -> Iterator[Recorded]:
    """Where each payment first gave access."""
    seen = set[str]()
    for at in map(recorded, past.ledger.entries(0, 10**6)):
        event = at.event
        if event.TOPIC == "Purchase.Entitled" and event.originator_id not in seen:
            seen.add(event.originator_id)
            yield at


def _intended(at: Recorded, kind: str, fact: str) -> Reaction:
    event = at.event
    stream, now = parse_stream(event.originator_id), event.recorded_at
    because = f"{event.originator_id}#{event.originator_version}"
    reaction = Reaction(stream.scope.stream("reaction", f"{kind}:{fact.format(stream.key)}"))
    data = dict(zip(("secret", "endpoint", "to"), SECRETS, strict=True))
    intent = Intended(kind=kind, due_at=now, because=because, position=at.position, data=data)
    reaction.intend(intent, Cause(because, event.effective_at, now))
    return reaction


def _later(at: Recorded, cause: str, by: timedelta) -> Cause:
    when = at.event.recorded_at + by
    return Cause(cause, when, when)


def _fail(reaction: Reaction, at: Recorded, passing: bool) -> None:
    error = "the endpoint answered 500" if passing else "the endpoint answered 410"
    reaction.fail(error, passing, _later(at, "executor", timedelta(minutes=1)))


def _dismiss(reaction: Reaction, at: Recorded) -> None:
    _fail(reaction, at, passing=False)
    reaction.dismiss(_later(at, "reactions dismiss", timedelta(minutes=2)))


def _bring(reaction: Reaction, at: Recorded) -> None:
    reaction.dismiss(_later(at, "import", timedelta(minutes=2)))


def _finish(reaction: Reaction, at: Recorded) -> None:
    said = "the endpoint is called no longer"
    reaction.finish(said, _later(at, "executor", timedelta(minutes=1)))


ENDS: dict[str, Callable[[Reaction, Recorded], None]] = {
    "intended": lambda reaction, at: None,
    "failed": lambda reaction, at: _fail(reaction, at, passing=True),
    "parked": lambda reaction, at: _fail(reaction, at, passing=False),
    "without effect": _finish,
    "dismissed": _dismiss,
    "imported": _bring,
}
"""How a reaction may end -> what makes it so."""
