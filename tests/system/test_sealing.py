"""A sealer beside the other workers, killed and cut off: what it sealed fits, without a gap."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.system.installation import Installation
from tests.system.leaders import cut_off, kill, leader
from tests.system.patience import until
from tests.system.reference import Reference, assert_same, living

KEY = "5" * 64


@pytest.fixture
def sealing(installation: Installation, tmp_path: Path) -> Installation:
    """An installation whose workers seal, often."""
    installation.settings |= {
        "BILLING_SEAL_KEY": KEY,
        "BILLING_SEAL_DIR": str(tmp_path / "seals"),
        "BILLING_SEAL_EVENTS": "100",
        "BILLING_SEAL_SECONDS": "2",
    }
    return installation


def test_what_was_sealed_meanwhile_fits(
    sealing: Installation, reference: Reference, tmp_path: Path
) -> None:
    sealing.serve()
    sealing.work()
    sealing.work()

    with living(sealing, reference, seed=7) as life:
        for number, _ in enumerate(life.moments(4)):
            if number % 2:
                kill(leader(sealing, "sealer"))
            else:
                cut_off(sealing, "sealer")
    assert_same(sealing, reference)
    until(lambda: sealing.status()["sealer"]["unsealed_events"] == 0, "everything to be sealed")

    assert sealing.status()["sealer"]["leader"]
    verdicts = json.loads(sealing.run("verify", "--json"))
    for each in verdicts:
        assert each["seals"] == each["copies"]
        assert each["seals"] > 5 or each["log"] == "reactions", "there is nothing to react with"
        assert each["unsealed"] is None
        assert each["findings"] == []
    assert verdicts[0]["provider_signatures"]["wrong"] == 0
    assert verdicts[0]["provider_signatures"]["signed"] == len(sealing.inbox())
    assert not list((tmp_path / "seals").glob(".*"))
