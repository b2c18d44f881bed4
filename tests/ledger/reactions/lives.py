"""Whole simulated lives with a clock: deliveries arrive, mails become due, and all is kept."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import msgspec

from ledger.clerk import Rules
from ledger.delivery import Delivery
from ledger.event import Cause, Event
from ledger.ids import parse_stream
from ledger.mail.letter import Letter
from ledger.reactions.deciding import Seen, intended
from ledger.reactions.effects import EffectFailed, Task, World
from ledger.reactions.events import Intended
from ledger.reactions.reaction import Reaction
from ledger.reactions.table import DECISIONS, EFFECTS
from ledger.settings import Settings
from replay.memory import MemoryLedger
from tests.ledger.reactions.given import Clock

AFTERWARDS = timedelta(days=30)


class Arrival(NamedTuple):
    """A delivery, and when it comes."""

    at: datetime
    delivery: Delivery


class Lives(MemoryLedger):
    """A bookkeeper, a reactor and an executor that take turns by a clock of their own.

    `sent` are the mails by the names of their reactions, `unsent` why there was none, `letters`
    what they had to say.
    """

    def __init__(self, rules: Rules, folder: Path, settings: Mapping[str, str]) -> None:
        super().__init__(rules)
        self.folder = folder
        self.clock = Clock()
        self.settings = Settings.from_environment({"BILLING_MAIL_DIR": str(folder), **settings})
        self.sent: dict[str, EmailMessage] = {}
        self.unsent: dict[str, str] = {}
        self.letters: dict[str, Letter] = {}
        self.world = World(self.settings, self.load, self.clock)
        self._reactions: dict[str, Reaction] = {}
        self._due: list[tuple[datetime, int, str]] = []
        self._position = 0

    def live(self, arrivals: Iterable[Arrival], until: datetime) -> None:
        """All that happens, in its order."""
        for at, delivery in sorted(arrivals, key=lambda each: each.at):
            self._work(at)
            self.clock.now = at
            self.keep([delivery], at)
        self._work(until)
        self.clock.now = until

    def append(self, events: Sequence[Event]) -> None:
        """Stores events as every ledger does; each may call for reactions."""
        super().append(events)
        for event in events:
            self._position += 1
            seen = Seen(event, self._position, self.events, self.settings.reacting)
            for id_, intent in intended(seen, DECISIONS).items():
                if id_ not in self._reactions:
                    self._intend(id_, intent, event)

    def _intend(self, id_: str, intent: Intended, event: Event) -> None:
        reaction = self._reactions[id_] = Reaction(id_)
        reaction.intend(intent, Cause(intent.because, event.effective_at, self.clock()))
        heapq.heappush(self._due, (max(intent.due_at, self.clock()), len(self._reactions), id_))

    def _work(self, until: datetime) -> None:
        while self._due and self._due[0][0] <= until:
            self.clock.now, number, id_ = heapq.heappop(self._due)
            again = self._have(self._reactions[id_])
            if again:
                heapq.heappush(self._due, (again, number, id_))

    def _have(self, reaction: Reaction) -> datetime | None:
        """When to try again, if at all."""
        name, why = reaction.id.rpartition("/")[2], Cause("executor", self.clock(), self.clock())
        try:
            reason = EFFECTS[_task(reaction).kind](_task(reaction), self.world)
        except EffectFailed as failure:
            reaction.fail(str(failure), failure.passing, why)
            return reaction.due_at
        assert name not in self.sent, "a mail is sent once"
        if reason is None and name.startswith("mail."):
            self.sent[name] = self._newest()
            self.letters[name] = msgspec.convert(_task(reaction).data, Letter)
        elif reason is not None:
            self.unsent[name] = reason
        return None

    def _newest(self) -> EmailMessage:
        """The one mail in the folder, which is emptied."""
        (file,) = self.folder.glob("*.eml")
        mail = message_from_bytes(file.read_bytes(), policy=SMTP)
        file.unlink()
        assert isinstance(mail, EmailMessage)
        return mail


def _task(reaction: Reaction) -> Task:
    intent = reaction.intent
    assert intent is not None
    scope = parse_stream(reaction.id).scope
    return Task(reaction.id, intent.kind, scope, intent.effective_at, intent.due_at, intent.data)


def lived(rules: Rules, arrivals: Sequence[Arrival], **settings: str) -> Lives:
    """What becomes of these arrivals, and of what is due until a month after the last."""
    with TemporaryDirectory() as folder:
        lives = Lives(rules, Path(folder), settings)
        last = max(each.at for each in arrivals)
        lives.live(arrivals, last + AFTERWARDS)
        return lives
