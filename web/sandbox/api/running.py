"""The whole stand-in: its world, whose time passes by itself, its webhooks and its server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

from web.sandbox.api.app import create_stand_in
from web.sandbox.api.endpoints import Endpoint, Tries
from web.sandbox.api.server import serving
from web.sandbox.api.world import World

TICK_SECONDS = 0.25


@contextmanager
def running(
    world: World,
    endpoints: Sequence[Endpoint] = (),
    port: int = 0,
    tries: Tries | None = None,
    mail_folder: Path | None = None,
) -> Iterator[str]:
    """Serves the world on a port (0: any that is free) until the block ends; gives its URL.

    The mails in `mail_folder`, if one is given, are shown at `/mails`.
    """
    world.sender.start(endpoints, tries)
    try:
        with serving(create_stand_in(world, mail_folder), port) as url, _time_passing(world):
            yield url
    finally:
        world.sender.stop()


@contextmanager
def _time_passing(world: World) -> Iterator[None]:
    """What falls due happens, and is told, though nobody asks."""
    over = Event()

    def tick() -> None:
        while not over.wait(TICK_SECONDS):
            world.catch_up()

    thread = Thread(target=tick, name="time", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
