"""A ledger as it is operated: a database, an endpoint and workers, each a process of its own."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import psycopg
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.delivery import Delivery
from ledger.store.connection import conninfo
from ledger.store.log import LogReader
from ledger.store.names import Names
from tests.support.ports import free_port
from tests.system.patience import LONGEST_SECONDS, until
from tests.system.programs import BILLING, Program
from web.sandbox.lives.shop import PLATFORM

SECRET = "whsec_system"
NAMES = Names()


class Installation:
    """The programs that run on the database at `url`, with their logs in `folder`."""

    def __init__(self, url: str, folder: Path, settings: Mapping[str, str] | None = None) -> None:
        self.url = url
        self.settings = {
            "DATABASE_URL": url,
            "STRIPE_WEBHOOK_SECRET": SECRET,
            "PLATFORM": PLATFORM,
            "BILLING_MODE": "test",
            "BILLING_DATA_DIR": str(folder / "data" / "postgres"),
            **(settings or {}),
        }
        self.address = f"http://127.0.0.1:{free_port()}"
        self.webhook_url = f"{self.address}/webhooks/stripe"
        self._folder = folder
        self.programs: list[Program] = []

    def serve(self) -> Program:
        """The endpoint, ready to take deliveries."""
        program = self._begin("serve", "--port", self.address.rpartition(":")[2])
        self.until_served()
        return program

    def work(self) -> Program:
        """The workers, which may still be starting."""
        return self._begin("work")

    def run(self, *command: str, status: int = 0) -> str:
        """What a command prints, once it has ended with `status`."""
        done = subprocess.run(
            [BILLING, *command],
            env=self.settings,
            capture_output=True,
            text=True,
            check=False,
            timeout=LONGEST_SECONDS,
        )
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done.stdout

    def status(self, status: int = 0) -> dict[str, Any]:
        """What `billing status` says to machines; it has to exit with `status`."""
        found = json.loads(self.run("status", "--json", status=status))
        assert isinstance(found, dict)
        return found

    def fingerprint(self) -> str:
        return self.run("fingerprint").split()[-1]

    def answers(self) -> bool:
        """Whether the endpoint says of itself that it can take deliveries."""
        try:
            with urlopen(f"{self.address}/health", timeout=10) as answer:  # noqa: S310 - our own
                return bool(answer.status == 200)
        except (URLError, OSError):
            return False

    def until_served(self) -> None:
        until(self.answers, "the endpoint to answer")

    def finance(self) -> Connection[Any]:
        """A connection that may read what finance may, and nothing else."""
        return psycopg.connect(conninfo(self.url, {"role": NAMES.reader}), autocommit=True)

    def until_idle(self) -> None:
        """Until all that was received is in the tables."""
        query = SQL("SELECT waiting_deliveries + lag_events FROM {}.freshness")
        statement = query.format(Identifier(NAMES.finance))
        with self.finance() as finance:
            until(lambda: finance.execute(statement).fetchone() == (0,), "the workers to catch up")

    def inbox(self) -> list[Delivery]:
        """Everything that was ever received."""
        reader = LogReader(self.url, NAMES.inbox)
        found = [Delivery.from_state(state) for page in reader.pages(0) for *_, state in page]
        reader.close()
        return found

    def close(self) -> None:
        """Leave no process behind, and show what they said to whoever reads of a failure."""
        for program in self.programs:
            program.end()
            print(f"--- {program.name}\n{program.said}")  # noqa: T201 - pytest shows it on failure

    def _begin(self, *command: str) -> Program:
        log = self._folder / f"{len(self.programs)}-{command[0]}.log"
        program = Program(self.settings, log, *command)
        self.programs.append(program)
        return program
