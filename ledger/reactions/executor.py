"""The executor: has the effects that are due, and notes what became of each.

A crash between an effect and its note repeats the effect under the same key: once is what the
world makes of it where it takes a key, and at least once where it does not.
"""

from __future__ import annotations

import heapq
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from eventsourcing.persistence import IntegrityError, InterfaceError, OperationalError

from ledger.event import Cause, Event
from ledger.ids import parse_stream
from ledger.reactions.effects import EffectFailed, Effects, Task, World
from ledger.reactions.events import Failed, Intended, Retried, decode
from ledger.reactions.reaction import Reaction
from ledger.reactions.store import Reactions, reactions_of
from ledger.store.log import PAGE_SIZE, LogReader

TRIES = 10
LANE_RESTS, AT_MOST = timedelta(seconds=10), timedelta(seconds=60)
ASKED_AT_MOST = timedelta(hours=1)  # what one message was answered is not for ever for all others
NOT_OURS = (OperationalError, InterfaceError, IntegrityError)  # the database, or another worker
AWAITED = tuple(each.TOPIC for each in (Intended, Failed, Retried))

_log = logging.getLogger(__name__)


class Executor:
    """Keeps only ids and times: a reaction is read when its time comes, as it is stored then.

    What goes to the same mail server or endpoint is one lane: after a failure the others of it
    wait a little, longer each time, so that one that is down takes little time from all else. Where
    it says from when it wants to be asked again, they wait until then. Where it is gone for good,
    they are parked untried, until a person has one tried again or the process is started anew.
    """

    def __init__(
        self,
        log: LogReader,
        reactions: Reactions,
        effects: Effects,
        world: World,
        clock: Callable[[], datetime],
    ) -> None:
        self._log = log
        self._reactions = reactions
        self._effects = effects
        self._world = world
        self._clock = clock
        self._seen: int | None = None
        self._due: list[tuple[datetime, int, str]] = []
        self._resting: dict[str, datetime] = {}
        self._rest: dict[str, timedelta] = {}
        self._lanes: dict[str, str] = {}
        self._gone: set[str] = set()

    def follow(self) -> None:
        """Takes in what waits at the start, and what has come to wait since."""
        if self._seen is None:
            self._seen = self._log.head()
            waiting = self._log.ending_in(AWAITED)
            for start in range(0, len(waiting), PAGE_SIZE):
                for reaction in reactions_of(
                    self._log, waiting[start : start + PAGE_SIZE]
                ).values():
                    self._await(reaction.due_at, reaction.id, reaction.intent)
        for page in self._log.pages(self._seen):
            for position, topic, state in page:
                self._seen = position
                event = decode(topic, state)
                if isinstance(event, Retried):
                    self._gone.clear()
                self._await(_due_at(event), event.originator_id, event)

    def work(self) -> bool:
        """Has the effect that is due longest; False when none is."""
        now = self._clock()
        while self._due and self._due[0][0] <= now:
            _, position, id_ = heapq.heappop(self._due)
            if self._rests(id_, position, self._lanes.get(id_), now):
                continue
            self._lanes.pop(id_, None)
            reaction = reactions_of(self._log, [id_])[id_]
            if _is_due(reaction, now) and not self._rests(id_, position, _lane(reaction), now):
                self._have(reaction)
                return True
        return False

    def _rests(self, id_: str, position: int, lane: str | None, now: datetime) -> bool:
        """Puts a reaction off while its lane rests; which lane is remembered until it is tried."""
        until = self._resting.get(lane, now) if lane else now
        if lane is None or until <= now:
            return False
        self._lanes[id_] = lane
        heapq.heappush(self._due, (until, position, id_))
        return True

    def _await(self, due_at: datetime | None, id_: str, event: Event | None) -> None:
        """Of what is due at the same moment, what happened first comes first."""
        if due_at is not None:
            position = event.position if isinstance(event, Intended) else 0
            heapq.heappush(self._due, (due_at, position, id_))

    def _have(self, reaction: Reaction) -> None:
        lane = _lane(reaction)
        try:
            without_effect = self._effect(_task(reaction), lane)
        except EffectFailed as failure:
            _log.warning("%s: %s", reaction.id, failure)
            if failure.gone:
                self._gone.add(lane)
            if failure.passing and not failure.alone:
                self._let_rest(lane, failure.not_before)
            said, passing, not_before = str(failure), failure.passing, failure.not_before
            self._note(reaction, lambda it, why: it.fail(said, passing, why, not_before))
        else:
            self._rest.pop(lane, None)
            self._note(reaction, lambda it, why: it.finish(without_effect, why))

    def _let_rest(self, lane: str, not_before: datetime | None) -> None:
        now, pause = self._clock(), self._rest.get(lane, LANE_RESTS)
        asked = min(not_before or now, now + ASKED_AT_MOST)
        self._resting[lane] = max(now + pause, asked)
        self._rest[lane] = min(2 * pause, AT_MOST)

    def _effect(self, task: Task, lane: str) -> str | None:
        if lane in self._gone:
            sentence = "nobody is there any more, as an earlier one was told"
            raise EffectFailed(sentence, passing=False)
        effect = self._effects.get(task.kind)
        if effect is None:
            raise EffectFailed(f"this release has no effect {task.kind!r}", passing=False)
        try:
            return effect(task, self._world)
        except (EffectFailed, *NOT_OURS):
            raise
        except Exception as fault:  # one that is broken must not stop all others
            _log.exception("a fault of ours met %s; it is parked", task.id)
            sentence = f"a fault of ours, {type(fault).__name__}: the log says more"
            raise EffectFailed(sentence, passing=False) from fault

    def _note(self, reaction: Reaction, decide: Callable[[Reaction, Cause], None]) -> None:
        """Stores what became of it; of what a person decided meanwhile it comes after that."""
        for _ in range(TRIES):
            now = self._clock()
            decide(reaction, Cause("executor", now, now))
            try:
                return self._reactions.append(reaction.collect_events())
            except IntegrityError:
                reaction = reactions_of(self._log, [reaction.id])[reaction.id]
        raise IntegrityError(reaction.id)


def _due_at(event: Event) -> datetime | None:
    """From when on a reaction is to be looked at after this event."""
    if isinstance(event, Intended):
        return event.due_at
    if isinstance(event, Failed):
        return event.next_try_at
    return event.recorded_at if isinstance(event, Retried) else None


def _is_due(reaction: Reaction, now: datetime) -> bool:
    return reaction.status == "waiting" and reaction.due_at is not None and reaction.due_at <= now


def _lane(reaction: Reaction) -> str:
    """Where its effect goes: the family of its kind, and the endpoint if it has one."""
    assert reaction.intent is not None
    family = reaction.intent.kind.partition(".")[0]
    return f"{family} {reaction.intent.data.get('endpoint', '')}"


def _task(reaction: Reaction) -> Task:
    intent = reaction.intent
    assert intent is not None
    return Task(
        id=reaction.id,
        kind=intent.kind,
        scope=parse_stream(reaction.id).scope,
        fact_at=intent.effective_at,
        due_at=intent.due_at,
        data=msgspec.to_builtins(intent.data),
    )
