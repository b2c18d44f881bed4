"""A card that pays no more, all its way: grace, the starter plan, and back once it is paid."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import datetime

import pytest
from eventsourcing.persistence import IntegrityError

from ledger.reactions.worker import ReactionWorker
from ledger.settings import Settings
from ledger.store.errors import PositionMoved
from tests.systems.customers import DECLINED_LATER, VISA, Customer
from tests.systems.dying_reactor import KILLED, react_and_die
from tests.systems.installation import ENVIRONMENT, Installation

STARTER, PRO = "starter", "pro"
OWN = {"BILLING_DUNNING": "own:5"}
LEAST_STEPS = 5  # each of the two ways has so many at least


@pytest.fixture
def cy(house: Installation, new_customer: Callable[[], Customer]) -> Customer:
    """Somebody on a paid plan, whose card will not pay the next bill."""
    for plan_id, minor in ((STARTER, 0), (PRO, 2900)):
        price = {"minor": minor, "currency": "usd"}
        terms = {"name": plan_id, "price": price, "interval": "month", "starter": minor == 0}
        house.call(f"PUT catalog/plans/{plan_id}", terms)
    with reacting(house):
        pass  # what comes from now on is reacted to
    cy = new_customer()
    cy.saves_card(VISA)
    cy.call("PUT plan", {"plan_id": PRO})
    house.settle()
    cy.saves_card(DECLINED_LATER)
    return cy


def test_an_unpaid_plan_is_kept_in_grace_and_ends_in_the_starter_plan_after_its_days(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        fails(house, cy)
        worker.run_until_idle()
        in_grace = cy.may_use(f"plan:{PRO}"), plan_of(cy)
        moves(house, worker, 5.2)

        assert in_grace == (True, PRO)
        assert (cy.may_use(f"plan:{PRO}"), plan_of(cy)) == (False, STARTER)
        assert cy.may_use(f"plan:{STARTER}")
        assert prices(house, cy) == [0]


def test_once_the_bill_is_paid_the_plan_is_back_and_nothing_is_paid_twice(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        moves(house, worker, 5.2)
        paid_before = money(cy)

        pays(house, cy, invoice)
        moves(house, worker, 0.1)

        assert plan_of(cy) == PRO
        assert cy.may_use(f"plan:{PRO}")
        assert money(cy) == paid_before + 2900
        moves(house, worker, 1)
        assert money(cy) == paid_before + 2900
        told = house.run("history", cy.user_id).output
        for sentence in ("is to end in the starter plan", "has the starter plan by", "has pro by"):
            assert sentence in told


def test_following_stripe_the_plan_ends_when_stripe_gives_up(
    house: Installation, cy: Customer
) -> None:
    with reacting(house) as worker:
        invoice = fails(house, cy)
        moves(house, worker, 6)
        before = plan_of(cy)
        moves(house, worker, 5)

        assert (before, plan_of(cy)) == (PRO, STARTER)
        assert cy.may_use(f"plan:{STARTER}")
        pays(house, cy, invoice)
        moves(house, worker, 0.1)
        assert (plan_of(cy), cy.may_use(f"plan:{PRO}")) == (PRO, True)


def test_who_pays_in_grace_loses_nothing(house: Installation, cy: Customer) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        pays(house, cy, invoice)
        moves(house, worker, 6)

        assert (plan_of(cy), cy.may_use(f"plan:{PRO}")) == (PRO, True)
        assert "starter plan by" not in house.run("history", cy.user_id).output


def test_a_payment_whose_webhook_is_on_its_way_stops_the_downgrade(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        house.sandbox("advance", seconds=5 * 86_400)
        house.settle()
        pays(house, cy, invoice)
        worker.run_until_idle()  # the payment is at Stripe only
        house.settle()
        worker.run_until_idle()

        assert (plan_of(cy), prices(house, cy)) == (PRO, [2900])


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_a_lost_answer_or_a_crash_between_two_steps_repeats_nothing(
    house: Installation, cy: Customer, lost: int
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        moves(house, worker, 4)
        house.sandbox("advance", seconds=int(1.2 * 86_400))
        house.settle()
        with house.mishaps(lost=str(lost)):
            worker.run_until_idle()
        moves(house, worker, 1)
        assert (plan_of(cy), prices(house, cy)) == (STARTER, [0])
        before = money(cy)
        pays(house, cy, invoice)
        house.settle()
        with house.mishaps(lost=str(lost)):
            worker.run_until_idle()
        moves(house, worker, 1)

        assert (plan_of(cy), money(cy)) == (PRO, before + 2900)


@pytest.mark.parametrize("after", range(1, 10))
def test_a_reactor_killed_after_any_step_leaves_nothing_out_and_repeats_nothing(
    house: Installation, cy: Customer, after: int
) -> None:
    with reacting(house, **OWN) as worker:
        invoice = fails(house, cy)
        worker.run_until_idle()
        house.days_pass(5.2)
    killed = [dies(house, after)]
    moves_with_another(house)
    ended = plan_of(cy), prices(house, cy)
    before = money(cy)

    pays(house, cy, invoice)
    house.settle()
    killed.append(dies(house, after))
    moves_with_another(house)

    assert ended == (STARTER, [0])
    assert (plan_of(cy), prices(house, cy)) == (PRO, [2900])
    assert money(cy) == before + 2900
    assert changes(house, cy) == [PRO, STARTER, PRO]
    assert after > LEAST_STEPS or killed == [KILLED, KILLED]


def test_two_reactors_at_once_do_it_once(house: Installation, cy: Customer) -> None:
    with reacting(house, **OWN) as one, reacting(house, **OWN) as other:
        fails(house, cy)
        one.run_until_idle()
        house.days_pass(5.2)
        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(each.run_until_idle) for each in (one, other)]:
                with suppress(PositionMoved, IntegrityError):
                    done.result()
        moves_with_another(house)

    assert (plan_of(cy), prices(house, cy)) == (STARTER, [0])
    assert changes(house, cy) == [PRO, STARTER]


def test_a_customer_who_chose_another_plan_since_keeps_it(
    house: Installation, cy: Customer
) -> None:
    price = {"minor": 900, "currency": "usd"}
    house.call("PUT catalog/plans/basic", {"name": "B", "price": price, "interval": "month"})
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        invoice = fails(house, cy)
        moves(house, worker, 5.2)
        cy.saves_card(VISA)
        cy.call("PUT plan", {"plan_id": "basic"})
        house.settle()
        pays(house, cy, invoice)
        moves(house, worker, 0.1)

        assert plan_of(cy) == "basic"


def test_a_late_webhook_of_a_renewal_shows_grace_and_not_loss(
    house: Installation, cy: Customer
) -> None:
    cy.saves_card(VISA)
    ends = paid_until(cy)
    with house.mishaps(drop="999"):
        house.days_pass((ends - house.now()).total_seconds() / 86_400 + 3)
    late = paid_until(cy), cy.may_use(f"plan:{PRO}")
    assert house.run("backfill").exit_code == 0
    house.settle()

    assert late == (ends, True)
    assert paid_until(cy) > ends


def test_replaying_and_rebuilding_asks_stripe_for_nothing(
    house: Installation, cy: Customer
) -> None:
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        fails(house, cy)
        moves(house, worker, 5.2)
        before = [each["id"] for each in house.at_stripe("GET /v1/events")["data"]]
        assert house.run("rebuild", "--yes").exit_code == 0
        worker.run_until_idle()
    with reacting(house, BILLING_DUNNING="own:5") as worker:
        worker.run_until_idle()

    house.settle()
    assert [each["id"] for each in house.at_stripe("GET /v1/events")["data"]] == before


@contextmanager
def reacting(house: Installation, **settings: str) -> Iterator[ReactionWorker]:
    """A reactor of the installation, whose time is the stand-in's."""
    found = Settings.from_environment({**environment(house), **settings})
    with closing(ReactionWorker(found, house.url, house.now)) as worker:
        worker.run_until_idle()
        yield worker


def environment(house: Installation) -> dict[str, str]:
    """By which unpaid plans end."""
    own = {"STRIPE_API_BASE": house.settings.api_base, "BILLING_DUNNING_DOWNGRADE": "starter"}
    return {**ENVIRONMENT, **own}


def dies(house: Installation, after: int) -> int:
    """Another process reacts, until it is killed; its exit status."""
    return react_and_die({**environment(house), **OWN}, house.url, house.now(), after)


def moves_with_another(house: Installation) -> None:
    """A day passes, with a reactor of its own."""
    with reacting(house, **OWN) as worker:
        moves(house, worker, 0.1)


def changes(house: Installation, cy: Customer) -> list[str]:
    """The plans they held, from the paid one on: the first starter may have held no second."""
    query = "SELECT plan_id FROM finance.plan_periods WHERE customer_id = %s ORDER BY held_from"
    held = [row["plan_id"] for row in house.finance(query, cy.user_id)]
    return held[held.index(PRO) :]


def moves(house: Installation, worker: ReactionWorker, days: float) -> None:
    """Time does, and everybody works off what comes of it."""
    house.days_pass(days)
    for _ in range(3):
        worker.run_until_idle()
        house.settle()


def fails(house: Installation, cy: Customer) -> str:
    """The next bill is not paid; its id."""
    house.days_pass((paid_until(cy) - house.now()).total_seconds() / 86_400 + 0.1)
    [bill] = house.at_stripe("GET /v1/invoices", customer=customer_id(cy), status="open")["data"]
    found: str = bill["id"]
    return found


def pays(house: Installation, cy: Customer, invoice: str) -> None:
    """With a card that works, which then pays from now on."""
    card = cy.saves_card(VISA)
    house.at_stripe(f"POST /v1/invoices/{invoice}/pay", payment_method=card)


def customer_id(cy: Customer) -> str:
    found: str = cy.finance("subscriptions")[0]["provider_customer_id"]
    return found


def plan_of(cy: Customer) -> str | None:
    """The plan they hold."""
    held = [row for row in cy.rows("plan-periods") if row["held_until"] is None]
    return held[0]["plan_id"] if held else None


def prices(house: Installation, cy: Customer) -> list[int]:
    """What their subscriptions that are not over cost at Stripe."""
    listed = house.at_stripe("GET /v1/subscriptions", customer=customer_id(cy))["data"]
    return [each["items"]["data"][0]["price"]["unit_amount"] for each in listed]


def money(cy: Customer) -> int:
    """All they ever paid."""
    return sum(row["amount_paid_minor"] for row in cy.finance("paid_invoices"))


def paid_until(cy: Customer) -> datetime:
    """Until when the plan is paid for."""
    found: datetime = max(
        row["paid_until"] for row in cy.finance("entitlements") if row["feature"] == f"plan:{PRO}"
    )
    return found
