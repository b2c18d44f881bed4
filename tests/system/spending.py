"""Credits spent as an application does, and again when the database was away meanwhile."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from threading import Event, Thread

from eventsourcing.persistence import PersistenceError

from ledger.application import Ledger
from ledger.assembly import clock
from ledger.commands import spend_credits
from ledger.errors import Contended, InsufficientCredits
from ledger.ids import Scope
from tests.system.installation import NAMES
from web.sandbox import Spend

NOT_YET = (InsufficientCredits, Contended, PersistenceError)
PAUSE_SECONDS = 0.1


def accepted(url: str, spends: Sequence[Spend]) -> list[Spend]:
    """Tries each of them once, in order, and says which were accepted."""
    ledger = Ledger(url, NAMES, pool_size=1)
    found = [each for each in spends if _spent(ledger, each)]
    ledger.close()
    return found


@contextmanager
def spending(url: str, spends: Sequence[Spend]) -> Iterator[None]:
    """Spends in the background, again and again until each is accepted; waits for that."""
    stop = Event()
    thread = Thread(target=_until_all, args=(url, list(spends), stop))
    thread.start()
    try:
        yield
    except BaseException:
        stop.set()
        raise
    finally:
        thread.join()


def _until_all(url: str, left: list[Spend], stop: Event) -> None:
    ledger = Ledger(url, NAMES, pool_size=1)
    while left and not stop.wait(PAUSE_SECONDS):
        left = [each for each in left if not _spent(ledger, each)]
    ledger.close()


def _spent(ledger: Ledger, each: Spend) -> bool:
    scope = Scope("stripe", livemode=False, account=each.account)
    try:
        spend_credits(ledger, scope, each.customer_id, each.credits, each.key, clock())
    except NOT_YET:
        return False
    return True
