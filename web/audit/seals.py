"""What is sealed and what is not yet, and the verification of all of it on demand."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Lock
from typing import Any

import msgspec
import psycopg
from flask import Blueprint
from werkzeug.wrappers import Response

from ledger.errors import LedgerError
from ledger.sealing.copies import Copies
from ledger.sealing.seal import Seal
from ledger.sealing.store import SealStore, SealUnreadable
from ledger.store.connection import conninfo, session
from ledger.store.log import LogReader
from replay.seals.verifier import Verdict, Verifier
from replay.seals.wording import told
from web.audit.room import Room

MOST_ENTRIES = 200_000
LIMIT_SECONDS = 30.0


class VerifyByHand(LedgerError):
    """There is more history than a page waits for."""

    def __init__(self, entries: int) -> None:
        super().__init__(f"{entries} entries take too long for a page: run `billing verify`")


class VerifiesAlready(LedgerError):
    def __init__(self) -> None:
        super().__init__("somebody is verifying already; come again in a minute")


class State(msgspec.Struct, frozen=True):
    """How far a log is sealed, how many entries no seal closes yet, or why nobody can say."""

    log: str
    seal: Seal | None
    head: int
    unsealed: int
    problem: str | None = None


def register(routes: Blueprint, room: Room) -> None:
    """`/audit/seals`; sent as a form, it verifies."""
    verify = _one_at_a_time(room)

    @routes.get("/seals")
    def seals() -> Response:
        return room.page("seals.html", room.looker(), states=_states(room), text=None)

    @routes.post("/seals")
    def verified() -> Response:
        looker = room.sender()
        verdicts = verify()
        text, fits = told(verdicts, room.trusted_keys), all(each.fits for each in verdicts)
        return room.page("seals.html", looker, states=_states(room), text=text, fits=fits)


def _states(room: Room) -> list[State]:
    with _reading(room) as connection:
        found = (_state(room, connection, *each) for each in room.names.logs.items())
        return [each for each in found if each is not None]


def _state(room: Room, connection: psycopg.Connection[Any], log: str, schema: str) -> State | None:
    """None of a log that is not there."""
    with closing(LogReader(room.url, schema)) as reader:
        if not reader.is_there():
            return None
        try:
            seal = SealStore(room.names.ledger).last(connection, log)
        except SealUnreadable as error:
            return State(log, None, reader.head(), 0, str(error))
        return State(log, seal, reader.head(), reader.count(seal.last if seal else 0))


def _one_at_a_time(room: Room) -> Callable[[], list[Verdict]]:
    """It reads all history: two at once would only be slower."""
    mutex = Lock()

    def verify() -> list[Verdict]:
        if not mutex.acquire(blocking=False):
            raise VerifiesAlready
        try:
            return _verified(room)
        finally:
            mutex.release()

    return verify


def _verified(room: Room) -> list[Verdict]:
    folder = room.sealing.folder
    with _reading(room) as connection:
        verifier = Verifier(
            connection,
            room.names,
            copies=Copies(folder) if folder else None,
            trusted=room.trusted_keys,
        )
        if (entries := verifier.count()) > MOST_ENTRIES:
            raise VerifyByHand(entries)
        return verifier.verify()


@contextmanager
def _reading(room: Room) -> Iterator[psycopg.Connection[Any]]:
    by_index = {"enable_seqscan": "off", "enable_bitmapscan": "off", "enable_sort": "off"}
    limits = session(room.names.writer, LIMIT_SECONDS)
    with psycopg.connect(conninfo(room.url, {**limits, **by_index}), autocommit=True) as connection:
        yield connection
