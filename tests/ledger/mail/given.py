"""What happened to one customer, and the mails that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from ledger.event import Cause, Event
from ledger.mail.sending import MAILS
from ledger.reactions.deciding import Seen, intended
from ledger.reactions.effects import Task, World
from ledger.reactions.events import Intended
from ledger.reactions.table import DECISIONS
from ledger.settings import Settings
from ledger.settings.reacting import Reacting
from tests.ledger.given import SCOPE
from tests.ledger.reactions.given import Clock


class Life:
    """Events of several streams, as they were recorded one after the other."""

    def __init__(self, **settings: str) -> None:
        self.events: list[Event] = []
        self.clock = Clock()
        self.settings = Settings.from_environment(
            {"BILLING_MAIL_DIR": "unused", "BILLING_APP_NAME": "Learn", **settings}
        )
        self.intents: dict[str, Intended] = {}

    @property
    def by(self) -> Reacting:
        return self.settings.reacting

    def happen(self, stream: str, *events: Event, at: datetime | None = None) -> list[str]:
        """The ids of the reactions that this calls for, without those called for already."""
        new = []
        for event in events:
            now = at or self.clock()
            version = sum(each.originator_id == stream for each in self.events) + 1
            stamped = event.stamped(stream, version, Cause("evt", now, self.clock()))
            self.events.append(stamped)
            seen = Seen(stamped, len(self.events), self.history, self.by)
            for id_, intent in intended(seen, DECISIONS).items():
                if id_ not in self.intents:
                    because = Cause(intent.because, now, self.clock())
                    self.intents[id_] = intent.stamped(id_, 1, because)
                    new.append(id_.rpartition("/")[2])
        return new

    def history(self, stream: str) -> Sequence[Event]:
        return [each for each in self.events if each.originator_id == stream]

    def load(self, streams: Sequence[str]) -> dict[str, Sequence[Event]]:
        return {each: self.history(each) for each in streams}

    @property
    def world(self) -> World:
        return World(self.settings, self.load, self.clock)

    def task(self, name: str) -> Task:
        """What the executor would hand over."""
        id_ = SCOPE.stream("reaction", name)
        intent = self.intents[id_]
        return Task(id_, intent.kind, SCOPE, intent.effective_at, intent.due_at, intent.data)

    def send(self, name: str) -> str | None:
        """Has the effect; why there was none."""
        task = self.task(name)
        return MAILS[task.kind](task, self.world)

    def into(self, folder: Path) -> Life:
        """Mail goes there."""
        environment = {"BILLING_MAIL_DIR": str(folder), "BILLING_APP_NAME": "Learn"}
        self.settings = Settings.from_environment(environment)
        return self

    def turn(self, days: float) -> None:
        self.clock.turn(timedelta(days=days))


def mails(folder: Path) -> list[EmailMessage]:
    """All there are, the oldest first."""
    files = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    return [message_from_bytes(file.read_bytes(), policy=SMTP) for file in files]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    """A part of a mail as it is read."""
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())
