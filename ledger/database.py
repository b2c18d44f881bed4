"""Which database: the one the operator named, else the embedded one, started when needed."""

from __future__ import annotations

from collections.abc import Callable

from ledger.embedded.postgres import ensure
from ledger.settings import Settings


def database_url(settings: Settings, say: Callable[[str], None] = lambda _: None) -> str:
    """The URL to connect with; `say` hears what takes long, such as a first start."""
    return settings.database_url or ensure(settings.data_dir, say)
