"""How the library's applications come to our stores: one URL, one schema, our recorder."""

from __future__ import annotations

from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    InfrastructureFactoryError,
)
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment, EnvType, strtobool

from ledger.store.connection import LIMIT_SECONDS
from ledger.store.datastore import Datastore
from ledger.store.names import Names
from ledger.store.recorder import GroupCommitRecorder

URL = "LEDGER_STORE_URL"
SCHEMA = "LEDGER_STORE_SCHEMA"
ROLE = "LEDGER_STORE_ROLE"
POOL_SIZE = "LEDGER_STORE_POOL_SIZE"
LIMIT = "LEDGER_STORE_LIMIT_SECONDS"


def application_env(
    url: str,
    schema: str,
    *,
    role: str = Names.writer,
    pool_size: int = 5,
    limit_seconds: float = LIMIT_SECONDS,
) -> dict[str, str]:
    """The environment to construct an `Application` with, so that it uses the store in `schema`."""
    return {
        "PERSISTENCE_MODULE": "ledger.store.factory:Factory",
        "IS_SNAPSHOTTING_ENABLED": "no",
        URL: url,
        SCHEMA: schema,
        ROLE: role,
        POOL_SIZE: str(pool_size),
        LIMIT: str(limit_seconds),
    }


class UnsafeFunctions(InfrastructureFactoryError):
    """The library's own database functions append without a lock: readers miss events."""

    def __init__(self) -> None:
        super().__init__("POSTGRES_ENABLE_DB_FUNCTIONS must stay off: readers would miss events")


class Factory(PostgresFactory):
    """Reads what `application_env` wrote; the tables were made by `migrate`, never here."""

    def __init__(self, env: Environment | EnvType | None) -> None:
        InfrastructureFactory.__init__(self, env)
        if strtobool(self.env.get(self.POSTGRES_ENABLE_DB_FUNCTIONS) or "no"):
            raise UnsafeFunctions
        self.datastore: Datastore = Datastore(
            self.env[URL],
            self.env[SCHEMA],
            role=self.env[ROLE],
            pool_size=int(self.env[POOL_SIZE]),
            limit_seconds=float(self.env[LIMIT]),
        )

    def application_recorder(self) -> ApplicationRecorder:
        return GroupCommitRecorder(self.datastore)

    def env_create_table(self) -> bool:
        return False
