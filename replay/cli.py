"""`billing torture`: proves on a copy of the deliveries that their order does not matter."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from ledger.assembly import OBSERVERS, clock, rules
from ledger.clerk import Rules
from ledger.delivery import Delivery
from ledger.settings import Settings
from projections.cli import ON_TERMINALS, connected
from replay.orders import Orders
from replay.terminal import quiet

LIMIT = 100_000


@click.command()
@click.option("--orders", default=20, show_default=True, type=click.IntRange(1), help="How many.")
@click.option("--duplicates", default=100, show_default=True, type=click.IntRange(0), help="Each.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same orders.")
@click.option("--simulate", "customers", type=click.IntRange(1), help="A year of so many instead.")
@click.option(
    "--limit",
    default=LIMIT,
    show_default=True,
    type=click.IntRange(1),
    help="Take the first so many deliveries; 100,000 need about 1 GB of memory.",
)
@click.option("--only-order", type=click.IntRange(1), help="Only this one, to see it again.")
def torture(
    orders: int, seed: int, duplicates: int, limit: int, only_order: int | None, **given: Any
) -> None:
    """Fold the deliveries received in many random orders, and see that all end alike.

    Works on a copy in memory of what is in the Inbox; nothing is written. Each order has some
    deliveries twice, and is split into batches at random. What commands did (credits spent,
    payments claimed) is no delivery, and left out.
    """
    from replay.torture import Torture
    from replay.wording import differing, outcomes, same

    deliveries, by = _deliveries(given["customers"], seed, limit)
    plan = Orders(deliveries, duplicates, seed)
    numbers = [only_order] if only_order else range(1, orders + 1)
    with quiet(), _progress(plan.length(0) + len(numbers) * plan.length(1)) as tick:
        run = Torture(plan, by, clock(), tick)
        found = run.run(numbers)
    click.echo(outcomes(run.ending.outcomes))
    if found is None:
        return click.echo(same(len(numbers), run.fingerprint))
    click.echo("\n".join(differing(found, _again(seed, duplicates, limit, given["customers"]))))
    sys.exit(1)


def _deliveries(customers: int | None, seed: int, limit: int) -> tuple[list[Delivery], Rules]:
    """What to fold, and by which rules."""
    from replay.sources import received, simulated

    if customers:
        policy = Settings.from_environment().policy
        return simulated(customers, seed, limit), Rules(OBSERVERS, policy, livemode=False)
    settings, url = connected()
    return received(settings, url, limit), rules(settings)


def _again(seed: int, duplicates: int, limit: int, customers: int | None) -> str:
    simulate = f" --simulate {customers}" if customers else ""
    return f"billing torture --seed {seed} --duplicates {duplicates} --limit {limit}{simulate}"


@contextmanager
def _progress(deliveries: int) -> Iterator[Callable[[int], None]]:
    with click.progressbar(length=deliveries, label="folding", **ON_TERMINALS) as bar:
        yield bar.update
