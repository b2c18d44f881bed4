"""What an undisturbed run came to, and whether another one came to the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from tests.system.delivering import Delivering
from tests.system.installation import NAMES, Installation
from tests.system.spending import accepted, spending
from tests.system.year import bodies, disturbed, in_order, spends, the_year
from web.sandbox import Spend, oracle
from web.sandbox.demo.comparison import differences, rows
from web.sandbox.lives.shop import PLATFORM


@dataclass(frozen=True)
class Reference:
    """The tables' fingerprint, and the credits that could be spent once all was delivered.

    What could be spent then can be spent in any run, however its order, sooner or later.
    """

    fingerprint: str
    spends: Sequence[Spend]


def undisturbed(installation: Installation) -> Reference:
    """The year in its order, each delivery once, worked off when all of it is there."""
    installation.run("migrate")
    installation.serve()
    with Delivering(installation, in_order()):
        pass
    installation.run("work", "--until-idle")
    spent = accepted(installation.url, spends())
    installation.run("work", "--until-idle")
    assert_true(installation, spent)
    return Reference(installation.fingerprint(), spent)


@contextmanager
def living(installation: Installation, reference: Reference, seed: int) -> Iterator[Delivering]:
    """The year goes on in the background: deliveries disturbed by `seed`, and credits spent.

    Ends when all is delivered and spent.
    """
    with (
        spending(installation.url, reference.spends),
        Delivering(installation, disturbed(seed), seed) as delivering,
    ):
        yield delivering


def assert_same(installation: Installation, reference: Reference) -> None:
    """Once idle: every delivery is there once, the tables are true, and as in the reference."""
    installation.until_idle()
    assert_kept_once(installation)
    assert_true(installation, reference.spends)
    assert installation.fingerprint() == reference.fingerprint, "other rows than undisturbed"


def assert_kept_once(installation: Installation) -> None:
    """The Inbox and the table of deliveries have each of the year's deliveries, once."""
    kept = [delivery.body for delivery in installation.inbox()]
    assert len(kept) == len(set(kept)), "a delivery is kept twice"
    assert set(kept) == set(bodies()), f"{len(kept)} kept of {len(bodies())}"
    with installation.finance() as finance:
        listed = rows(finance, NAMES.finance, "deliveries")
    assert len(listed) == len(kept), f"{len(listed)} listed of {len(kept)}"
    refused = [row for row in listed if row["outcome"] == "refused"]
    assert not refused, refused[:10]


def assert_true(installation: Installation, spent: Sequence[Spend]) -> None:
    """The tables say what the simulator knows to be true."""
    truth = oracle(the_year().truth, platform=PLATFORM, spends=spent)
    with installation.finance() as finance:
        found = differences(finance, NAMES.finance, truth)
    assert not found, found[:10]
