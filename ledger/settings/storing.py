"""The settings of the database: its address, and the names of the schemas."""

from __future__ import annotations

from collections.abc import Mapping

from psycopg import ProgrammingError
from psycopg.conninfo import conninfo_to_dict

from ledger.settings.values import WrongSetting
from ledger.store.names import InvalidName, Names


def database_url(env: Mapping[str, str]) -> str | None:
    """The database's address; without one it is the private PostgreSQL's."""
    url = env.get("DATABASE_URL") or None
    try:
        conninfo_to_dict(url or "")
    except ProgrammingError:  # its sentence repeats parts of the URL, which holds a password
        need = "an address such as postgresql://user@host/database"
        raise WrongSetting("DATABASE_URL", need) from None
    return url


def names(env: Mapping[str, str]) -> Names:
    """The schemas' names; each has a variable of its own."""
    given = {field: env[name] for field, name in _SCHEMAS.items() if env.get(name)}
    for field, value in given.items():
        try:
            Names(**{field: value})
        except InvalidName:
            need = "up to 50 letters, digits and underscores, no digit first"
            raise WrongSetting(_SCHEMAS[field], need) from None
    found = Names(**given)
    if len(set(found.schemas)) < len(found.schemas):
        raise WrongSetting(", ".join(_SCHEMAS[field] for field in given), "a different name each")
    return found


_SCHEMAS = {
    "inbox": "BILLING_INBOX_SCHEMA",
    "ledger": "BILLING_LEDGER_SCHEMA",
    "projections": "BILLING_PROJECTIONS_SCHEMA",
    "finance": "BILLING_FINANCE_SCHEMA",
    "reactions": "BILLING_REACTIONS_SCHEMA",
}
