"""A declined card's whole way as `billing explain` tells it, read after each step."""

from __future__ import annotations

from datetime import datetime

import msgspec

from tests.systems.calling import Json
from tests.systems.customers import Customer
from tests.systems.installation import DAY_SECONDS, Installation
from tests.systems.lapsing import (
    PRO,
    cy,
    environment,
    fails,
    moves,
    paid_until,
    pays,
    reacting,
)  # fmt: skip

__all__ = ("cy",)


def explained(house: Installation, cy: Customer, policy: str, *more: str) -> str:
    """What somebody who answers a support ticket is told."""
    settings = {**environment(house), "BILLING_DUNNING": policy}
    at = house.now().isoformat()
    asked = ("explain", "entitlement", cy.user_id, f"plan:{PRO}", "--at", at, *more)
    result = house.run(*asked, **settings)
    assert result.exit_code == 0, result.output
    return result.stdout


def steps(house: Installation, cy: Customer, policy: str) -> list[Json]:
    """The same for machines."""
    told: list[Json] = msgspec.json.decode(explained(house, cy, policy, "--json"))["dunning"]
    return told


def kinds(house: Installation, cy: Customer, policy: str) -> list[str]:
    return [each["kind"] for each in steps(house, cy, policy)]


def at(step: Json, name: str = "at") -> datetime:
    return datetime.fromisoformat(step[name])


def test_in_grace_it_tells_each_try_how_long_grace_lasts_and_when_the_plan_ends(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        ends = paid_until(cy)
        assert steps(house, cy, "own:5") == []

        invoice = fails(house, cy)
        worker.run_until_idle()
        terms, first, grace, due, again = steps(house, cy, "own:5")
        assert "7 days of grace" in terms["says"]
        assert "ends in the starter plan 5 days after the first try that failed" in terms["says"]
        assert first["says"].startswith(f"try 1 to collect invoice {invoice} over 29.00 USD failed")
        assert first["event"]["cause_type"] in ("invoice.updated", "invoice.payment_failed")
        assert f"access is paid for until {ends:%Y-%m-%d %H:%M:%S}" in grace["says"]
        assert (at(grace, "until") - ends).days == 7
        assert (at(due, "until") - at(first)).total_seconds() == 5 * DAY_SECONDS
        assert due["says"].startswith("unless it is paid, the starter plan from ")
        assert at(again, "until") == at(first, "until") > house.now()

        moves(house, worker, 3)
        assert kinds(house, cy, "own:5") == ["terms", "failed", "grace", "failed", "next", "next"]


def test_each_step_of_a_plan_that_ends_unpaid_and_comes_back_is_told(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        moves(house, worker, 6)
        told = steps(house, cy, "own:5")
        assert [each["kind"] for each in told[3:]] == [
            "failed", "failed", "ended", "starter", "next", "next",
        ]  # fmt: skip
        assert "pro by" in told[5]["says"]
        assert "has the starter plan by" in told[6]["says"]
        assert told[6]["event"]["cause"].endswith(f"dunning.downgrade:{invoice}")
        assert at(told[5]) > at(told[4])
        assert told[7]["says"].startswith("once it is paid, pro is back, and paid until ")

        moves(house, worker, 0.1)
        pays(house, cy, invoice)
        moves(house, worker, 0.1)
        told = steps(house, cy, "own:5")
        assert [each["kind"] for each in told[5:]] == ["ended", "starter", "settled", "restored"]
        assert "is paid: 29.00 USD" in told[7]["says"]
        assert f"{cy.user_id} has pro by" in told[8]["says"]
        assert [at(each) for each in told[1:]] == sorted(at(each) for each in told[1:])


def test_it_is_told_in_plain_lines_with_times_and_causes(house: Installation, cy: Customer) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        moves(house, worker, 6)
        told = explained(house, cy, "own:5").splitlines()

    assert told[0] == f"no: {cy.user_id} may not use plan:{PRO}"
    way = told[told.index("bills that could not be collected:") + 1 :]
    assert way[0].startswith("  by the settings: access outlives what was paid for by 7 days")
    assert way[1].endswith(" failed; the next is at " + way[5].strip()[:19])
    assert way[2].startswith("      @")
    assert "by invoice." in way[2]
    assert f"invoice {invoice} of {cy.user_id} was not paid in time" in "\n".join(way)
    assert way[-2].startswith("  next: once it is paid, pro is back")


def test_following_stripe_it_tells_the_last_try_and_that_a_late_payment_brings_nothing_back(
    house: Installation, cy: Customer
) -> None:
    with reacting(house) as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        terms, *_, nearest, _ = steps(house, cy, "follow")
        assert terms["says"].endswith("ends in the starter plan an hour after Stripe's last try")
        assert nearest["says"] == (
            "unless it is paid, the starter plan an hour after Stripe's last try"
        )

        moves(house, worker, 10)
        told = steps(house, cy, "follow")
        assert [each["kind"] for each in told if each["kind"] != "failed"] == [
            "terms", "grace", "provider", "ended", "starter", "next",
        ]  # fmt: skip
        assert [each for each in told if each["kind"] == "failed"][-1]["says"].endswith(
            "Stripe plans no other"
        )
        moves(house, worker, 25)
        assert steps(house, cy, "follow")[-1]["says"] == (
            "being paid now it brings nothing back: pro has to be chosen again"
        )

        pays(house, cy, invoice)
        moves(house, worker, 0.1)
        *_, paid, dropped = steps(house, cy, "follow")
        assert (paid["kind"], dropped["kind"]) == ("settled", "dropped")
        assert dropped["says"].endswith("the time that was paid for is over")


def test_a_bill_that_is_paid_in_grace_tells_why_nothing_ended(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        moves(house, worker, 0.1)
        pays(house, cy, invoice)
        moves(house, worker, 6)
        told = steps(house, cy, "own:5")

    assert [each["kind"] for each in told[:4]] == ["terms", "failed", "grace", "settled"]
    assert {each["kind"] for each in told[4:]} == {"dropped"}
    assert any("the invoice is not owed any more" in each["says"] for each in told[4:])


def test_which_plan_somebody_has_is_explained_by_the_same_way(
    house: Installation, cy: Customer
) -> None:
    def has() -> Json:
        at = house.now().isoformat()
        result = house.run("explain", "plan", cy.user_id, "--at", at, "--json")
        told: Json = msgspec.json.decode(result.stdout)
        assert told["answer"], result.output
        return told

    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        assert has()["says"].startswith(f"{cy.user_id} has plan pro by sub_")
        assert has()["dunning"][1]["kind"] == "failed"
        moves(house, worker, 6)
        assert has()["says"].startswith(f"{cy.user_id} has plan starter by sub_")
        assert [each["row"]["plan_id"] for each in has()["rows"]][-2:] == ["pro", "starter"]
        assert all(each["because"] for each in has()["rows"])
        moves(house, worker, 0.1)
        pays(house, cy, invoice)
        moves(house, worker, 0.1)
        assert has()["says"].startswith(f"{cy.user_id} has plan pro by sub_")
        assert has()["dunning"][-1]["kind"] == "restored"

    assert "nobody known here is zoe" in house.run("explain", "plan", "zoe").stdout


def test_without_a_downgrade_only_grace_is_told(house: Installation, cy: Customer) -> None:
    invoice = fails(house, cy)
    by_invoice = house.run("explain", "invoice", invoice).stdout
    by_plan = house.run("explain", "subscription", _subscription(house, invoice)).stdout

    for told in (by_invoice, by_plan):
        assert "no plan is changed for want of payment" in told
        assert "next: unless it is paid, access ends at" in told


def _subscription(house: Installation, invoice: str) -> str:
    query = "SELECT subscription_id FROM finance.invoices WHERE invoice_id = %s"
    found: str = house.finance(query, invoice)[0]["subscription_id"]
    return found
