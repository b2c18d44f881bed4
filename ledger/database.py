"""Which database: the one the operator named, else the embedded one, started when needed."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import psycopg

from ledger.embedded.postgres import ensure
from ledger.settings import Settings
from ledger.store.roles import as_auditor


def database_url(settings: Settings, say: Callable[[str], None] = lambda _: None) -> str:
    """The URL to connect with; `say` hears what takes long, such as a first start.

    An auditor's connections speak as an auditor.
    """
    if settings.database_url is None:
        return ensure(settings.data_dir, say)
    with suppress(psycopg.Error):  # whoever connects next meets it, and says so
        return as_auditor(settings.database_url, settings.names)
    return settings.database_url
