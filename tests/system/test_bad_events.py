"""Events that cannot be true are kept and refused with a reason, and leave no other trace."""

from __future__ import annotations

from tests.system.installation import NAMES, Installation
from tests.system.odd_events import refusable
from tests.system.posting import post_event
from tests.system.reference import Reference, assert_true, living
from tests.system.year import bodies
from web.sandbox.demo.comparison import rows


def test_impossible_events_are_refused_beside_good_ones(
    installation: Installation, reference: Reference
) -> None:
    programs = [installation.serve(), installation.work()]
    odd = list(refusable())

    with living(installation, reference, seed=12) as life:
        for event, _ in zip(odd, life.moments(len(odd)), strict=True):
            assert post_event(installation, event).status == 200

    installation.until_idle()
    with installation.finance() as finance:
        listed = {row["event_id"]: row for row in rows(finance, NAMES.finance, "deliveries")}
    assert len(listed) == len(bodies()) + len(odd)
    for event in odd:
        row = listed.pop(event["id"])
        assert row["outcome"] == "refused"
        assert "failed with" not in row["reason"], "refused for a fault of ours"
    assert "refused" not in {row["outcome"] for row in listed.values()}
    assert all(program.alive and "Traceback" not in program.said for program in programs)
    assert_true(installation, reference.spends)
    assert installation.fingerprint() == reference.fingerprint
