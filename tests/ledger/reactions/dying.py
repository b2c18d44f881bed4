"""A reactor in a process of its own that is killed at one of its steps, as by a power cut."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import Any

from ledger.mail import posting, sending
from ledger.outgoing import calling
from ledger.reactions.store import Reactions
from ledger.settings import Settings
from ledger.store.positions import Fence
from projections.workers import react_until_idle


class Fate:
    """Ends the process at a step, the `number`-th in all; never, if that is 0."""

    def __init__(self, number: int) -> None:
        self._left = number

    def step(self) -> None:
        self._left -= 1
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


def between(fate: Fate, work: Callable[..., Any]) -> Callable[..., Any]:
    """Puts a step before and after something."""

    def stepping(*arguments: Any) -> Any:
        fate.step()
        answer = work(*arguments)
        fate.step()
        return answer

    return stepping


def doomed(fate: Fate) -> None:
    """Puts steps around all that lasts: what is stored, and each effect."""
    append = Reactions.append

    def storing(self: Reactions, new: Sequence[Any], fence: Fence | None = None) -> None:
        if new:
            fate.step()
        append(self, new, fence)
        if new:
            fate.step()

    Reactions.append = storing  # type: ignore[method-assign, assignment]  # the point of it
    sending.post = between(fate, posting.post)  # type: ignore[attr-defined]  # where it is called
    calling._posted = between(fate, calling._posted)


def main(number: str) -> None:
    """Does all there is to be done, unless its fate comes first."""
    doomed(Fate(int(number)))
    settings = Settings.from_environment()
    assert settings.database_url
    react_until_idle(settings, settings.database_url)


if __name__ == "__main__":
    main(*sys.argv[1:])
