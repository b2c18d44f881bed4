"""A small simulated year, worked off and sealed, and bundles of it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import cast

import msgspec
from click.testing import CliRunner, Result
from eventsourcing.domain import DomainEventProtocol

from ledger.application import Inbox
from ledger.assembly import bookkeeper
from ledger.cli import main
from ledger.delivery import Delivery
from ledger.settings import Settings
from projections.projector import Projector
from projections.schema import migrate
from tests.ledger.sealing.given import NAMES, SECRET
from tests.replay.given import year


def environment(url: str) -> dict[str, str]:
    return {"DATABASE_URL": url, "BILLING_SEAL_KEY": SECRET, "BILLING_SEAL_EVENTS": "40"}


def billing(url: str, *arguments: str, status: int = 0) -> Result:
    result = CliRunner(env=environment(url)).invoke(main, arguments)
    assert result.exit_code == status, (result.output, result.exception)
    return result


def lived(url: str, deliveries: Sequence[Delivery] = ()) -> None:
    """A year in the tables; the first three quarters of it sealed."""
    migrate(url)
    some = list(deliveries or year())
    end = len(some) * 3 // 4
    work_off(url, some[:end])
    billing(url, "seal")
    work_off(url, some[end:])


def work_off(url: str, deliveries: Sequence[Delivery]) -> None:
    settings = Settings.from_environment({})
    with Inbox(url, NAMES, pool_size=1) as inbox:
        inbox.append(cast("list[DomainEventProtocol[str]]", list(deliveries)))
    with closing(bookkeeper(settings, url)) as books:
        books.run_until_idle()
    with closing(Projector(url, NAMES)) as projector:
        projector.run_until_idle()


def lines(folder: Path, name: str) -> list[dict[str, object]]:
    """The lines of a file of a bundle."""
    return [msgspec.json.decode(each) for each in (folder / name).read_bytes().splitlines()]
