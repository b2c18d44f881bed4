"""A reactor that dies, gets no answer, or is not alone does everything once all the same."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from eventsourcing.persistence import IntegrityError

from ledger.store.errors import PositionMoved
from tests.systems.customers import Customer
from tests.systems.dying_reactor import KILLED, react_and_die
from tests.systems.installation import Installation
from tests.systems.lapsing import (
    OWN,
    PRO,
    STARTER,
    changes,
    cy,
    environment,
    fails,
    money,
    moves,
    moves_with_another,
    pays,
    plan_of,
    prices,
    reacting,
)  # fmt: skip

__all__ = ("cy",)
LEAST_STEPS = 5  # each of the two ways has so many at least


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


def dies(house: Installation, after: int) -> int:
    """Another process reacts, until it is killed; its exit status."""
    return react_and_die({**environment(house), **OWN}, house.url, house.now(), after)
