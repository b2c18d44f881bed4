"""An operator sees what failed and why, tries again, lets go, and says where to begin."""

from __future__ import annotations

import json
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner, Result

from ledger.assembly import clock
from ledger.cli import main
from ledger.reactions import cli
from ledger.reactions.effects import EffectFailed
from tests.ledger.reactions.given import Clock, Noted, sold, workshop

PI_1 = "reaction/stripe/test//test.told:pi_1"
PI_2 = "reaction/stripe/test//test.told:pi_2"


@pytest.fixture
def url(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database the settings name."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def billing(*arguments: str, status: int = 0) -> Result:
    found = CliRunner().invoke(main, arguments)
    assert found.exit_code == status, (found.output, found.exception)
    return found


def reactions(*arguments: str, status: int = 0) -> str:
    return billing("reactions", *arguments, status=status).output


def react(url: str, effect: Noted, *numbers: int) -> None:
    """These payments happen, and each reaction is tried once."""
    with workshop(url, Clock(), effect) as at:
        at.reactor()
        for number in numbers:
            at.append(*sold(number))
        at.react()


def refusing(times: int) -> Noted:
    return Noted(*[EffectFailed("no such box", passing=False) for _ in range(times)])


def test_what_is_parked_is_listed_with_the_reason(url: str) -> None:
    assert reactions("list") == "none is parked\n"
    react(url, refusing(1), 1, 2)

    assert reactions("list") == (
        f"{PI_1}\n"
        "    parked after 1 try, because of purchase/stripe/test//pi_1#2\n"
        "    no such box\n"
    )
    (done,) = json.loads(reactions("list", "--status", "done", "--json"))
    assert (done["id"], done["kind"], done["status"]) == (PI_2, "test.told", "done")


def test_the_newest_are_listed_first_and_the_others_counted(url: str) -> None:
    react(url, Noted(), 2, 1)

    said = reactions("list", "--status", "done", "--limit", "1")
    assert said.startswith(f"{PI_1}\n")
    assert said.endswith("... and 1 more\n")


def test_what_waits_for_another_try_says_until_when(url: str) -> None:
    react(url, Noted(EffectFailed("it is down")), 1)

    assert "waiting after 1 try, due 2026-09-01 12:00:" in reactions("list", "--status", "waiting")


def test_a_parked_one_is_tried_again_when_a_person_says_so(url: str) -> None:
    react(url, refusing(1), 1)
    effect = Noted()
    with workshop(url, Clock(Clock().now + timedelta(days=999)), effect) as at:
        at.react()
        assert effect.tasks == []

        assert reactions("retry", PI_1) == f"retry: {PI_1}\n"
        at.react()

        assert [each.id for each in effect.tasks] == [PI_1]
    assert PI_1 in reactions("list", "--status", "done")


def test_a_running_reactor_hears_of_it(url: str) -> None:
    react(url, refusing(1), 1)
    effect = Noted()
    with workshop(url, Clock(Clock().now + timedelta(days=999)), effect) as at:
        executor = at.executor()
        assert not executor.work()

        reactions("retry", "--all")
        executor.follow()

        assert executor.work()


def test_one_that_is_let_go_is_never_tried_again(url: str) -> None:
    react(url, refusing(2), 1, 2)
    assert reactions("dismiss", "--all") == f"dismiss: {PI_1}\ndismiss: {PI_2}\n"
    react(url, Noted(AssertionError("it must not be had")))

    said = reactions("list", "--status", "dismissed")
    assert said.count("dismissed after 1 try") == said.count("no such box") == 2
    said = reactions("retry", PI_1, status=1)
    assert said == f"Error: {PI_1}: it is dismissed\n"


def test_one_that_nobody_knows_is_named(url: str) -> None:
    assert "there is no such reaction" in reactions("dismiss", "reaction/x", status=1)
    assert "name a reaction, or say --all" in reactions("retry", status=2)


def test_what_becomes_of_one_at_the_moment_of_the_decision_comes_first(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    react(url, refusing(2), 1, 2)
    told = ["dismiss"]

    def meanwhile() -> datetime:
        if told:
            reactions(told.pop(), PI_1)
        return clock()

    monkeypatch.setattr(cli, "clock", meanwhile)

    assert reactions("retry", "--all") == f"retry: {PI_2}\n", "the first was let go meanwhile"
    assert PI_1 in reactions("list", "--status", "dismissed")


def test_a_dismissal_during_the_effect_does_not_hide_that_it_was_had(url: str) -> None:
    class Slow(Noted):
        def __call__(self, task: object, world: object) -> str | None:
            reactions("dismiss", PI_1)
            return None

    react(url, Slow(), 1)

    assert PI_1 in reactions("list", "--status", "done")


def test_where_reactions_begin_is_said_on_purpose(url: str) -> None:
    effect = Noted()
    react(url, effect)
    with workshop(url, Clock(), effect) as at:
        at.append(*sold(1), *sold(2))

    assert reactions("begin", "--from", "end") == "reactions begin after position 4 of 4\n"
    react(url, effect)
    assert effect.tasks == []

    reactions("begin", "--from", "2")
    react(url, effect)
    assert [each.id for each in effect.tasks] == [PI_2]

    reactions("begin", "--from", "beginning")
    react(url, effect)
    assert [each.id for each in effect.tasks] == [PI_2, PI_1]
    assert "the last is 4" in reactions("begin", "--from", "5", status=1)
    assert "takes a position" in reactions("begin", "--from", "-1", status=2)


def test_status_says_how_far_the_reactor_is_and_what_is_parked(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    billing("migrate")
    assert "reactor" not in billing("status").output
    monkeypatch.setenv("BILLING_MAIL_DIR", "unused")
    assert "reactor     not running, at 0 of 0, 0 behind" in billing("status").output
    react(url, refusing(1), 1)
    with workshop(url, Clock(), Noted()) as at:
        at.append(*sold(2))

    said = billing("status", status=1).output
    assert "reactor     not running, at 2 of 4, 2 behind, for" in said
    assert "; 0 wait, 1 parked" in said
    found = json.loads(billing("status", "--json", status=1).output)["reactor"]
    assert (found["position"], found["parked"], found["waiting"]) == (2, 1, 0)
