"""The demo's way of a declined card, walked through the real programs."""

from __future__ import annotations

from pathlib import Path

from ledger.settings import Settings
from tests.support.ports import free_port
from web.sandbox.demo.processes import SANDBOX_KEY, System
from web.sandbox.demo.ways.calls import Application, Payer
from web.sandbox.demo.ways.dunning import dunning
from web.sandbox.demo.ways.furnish import issue_key
from web.sandbox.demo.ways.reacting import Reactor
from web.sandbox.demo.ways.steps import Scene

OWN = {"STRIPE_WEBHOOK_SECRET": "whsec_of_the_demo", "PLATFORM": "LEAD"}


def test_every_step_of_a_declined_card_holds(database_url: str, tmp_path: Path) -> None:
    path = Settings.from_environment({}).webhook_path
    environment = {"DATABASE_URL": database_url, **OWN}
    with System(environment, free_port(), path, free_port()) as system:
        assert system.sandbox is not None
        payer = Payer(system.sandbox, SANDBOX_KEY)
        reactor = Reactor({**OWN, **system.stand_in}, database_url, payer, tmp_path / "mail")
        scene = Scene(Application(system.address, issue_key(system)), payer, "eli")

        steps = list(dunning(reactor)(scene))

    assert len(steps) == 5
    assert [said for said, held in steps if not held] == []
    assert reactor.kinds.keys() >= {"receipt", "payment_failed", "subscription_changed"}
