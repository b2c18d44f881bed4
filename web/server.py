"""gunicorn with threads, set up in code: finishes requests on SIGTERM, restarts a dead worker.

A batch of the store's group commit forms inside one process: few processes, many threads.
"""

from __future__ import annotations

from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication

from ledger.assembly import clock, inbox, stripe_receiver
from ledger.settings import Settings
from web.access.limits import Limits
from web.api import reference, serving
from web.app import create_app
from web.audit import serving as audit
from web.audit.room import room
from web.office import desk, office
from web.pages import serving as pages

POOL_SIZE = 4  # connections of one worker process; its threads share group commits


class Server(BaseApplication):
    """Serves the application; each worker makes its own: pools do not survive a fork."""

    def __init__(self, settings: Settings, url: str, options: dict[str, Any]) -> None:
        self._settings = settings
        self._url = url
        self._options = {"worker_class": "gthread", "graceful_timeout": 30, "keepalive": 75}
        self._options.update(options)
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # the stubs' own type allows no Flask
        return application(self._settings, self._url)


def application(settings: Settings, url: str) -> Flask:
    """The application with its real parts. Raises MissingSetting without a webhook secret."""
    limits = Limits()
    inside = office(settings, url, limits, POOL_SIZE)
    visits = desk(settings, inside)
    return create_app(
        inbox(settings, url, POOL_SIZE),
        stripe_receiver(settings),
        clock,
        settings.body_limit_bytes,
        settings.webhook_path,
        [
            serving.blueprint(inside),
            reference.blueprint(limits, settings.trusted_proxies),
            pages.blueprint(visits),
            audit.blueprint(room(settings, url, inside, limits, visits.is_secure)),
        ],
    )
