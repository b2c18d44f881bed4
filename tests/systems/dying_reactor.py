"""A reactor in a process of its own that kills itself after so many of its steps."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import closing
from datetime import datetime
from typing import Any

from ledger.application import Store
from ledger.providers.stripe.outbound.asking import Asking
from ledger.reactions.worker import ReactionWorker
from ledger.settings import Settings, child_environment

KILLED = -signal.SIGKILL


def react_and_die(environment: Mapping[str, str], url: str, now: datetime, after: int) -> int:
    """Runs it until it is idle or dead; the exit status. Calls out and appends are its steps."""
    words = [sys.executable, "-m", __name__, url, now.isoformat(), str(after)]
    return subprocess.run(words, env=child_environment(environment), check=False).returncode


def _dying(step: Callable[..., Any], left: list[int]) -> Callable[..., Any]:
    def taken(*given: Any, **named: Any) -> Any:
        done = step(*given, **named)
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return done

    return taken


def main(url: str, now: str, after: str) -> None:
    """What the process does."""
    left = [int(after)]
    Asking._ask = _dying(Asking._ask, left)  # type: ignore[method-assign]  # it dies there
    Store.append = _dying(Store.append, left)  # type: ignore[method-assign]  # and there
    settings = Settings.from_environment()
    with closing(ReactionWorker(settings, url, lambda: datetime.fromisoformat(now))) as worker:
        worker.run_until_idle()


if __name__ == "__main__":
    main(*sys.argv[1:])
