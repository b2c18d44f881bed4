"""`billing simulate`: a year of customers, posted to a webhook endpoint."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from random import Random
from typing import Any

import click

from ledger.settings import MissingSetting, Settings
from web.sandbox.deliver import Course, Receiver, Totals, deliver
from web.sandbox.faults import Attempt, Faults, plan
from web.sandbox.render.versions import NEWEST, VERSIONS
from web.sandbox.truth.calendar import DAY
from web.sandbox.year import Year
from web.sandbox.year import simulate as live

SHARE = click.FloatRange(0, 1)


@click.command()
@click.option("--url", default="http://127.0.0.1:8000/webhooks/stripe", show_default=True)
@click.option("--customers", default=100, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=1, show_default=True, help="The same seed tells the same year.")
@click.option("--days", default=365, show_default=True, type=click.IntRange(1))
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), default="2026-01-01", show_default=True)
@click.option("--api-version", type=click.Choice(VERSIONS), default=NEWEST, show_default=True)
@click.option("--duplicates", default=0.1, show_default=True, type=SHARE)
@click.option("--shuffle", default=0.0, show_default=True, type=SHARE, help="Share that is late.")
@click.option("--delay-days", default=3, show_default=True, help="How late at most.")
@click.option("--drops", default=0.0, show_default=True, type=SHARE, help="Share of tries lost.")
@click.option("--outages", default=0, show_default=True, help="Times when nothing gets through.")
@click.option("--concurrency", default=8, show_default=True, type=click.IntRange(1))
@click.option("--json", "as_json", is_flag=True, help="Totals as JSON.")
def simulate(url: str, seed: int, concurrency: int, as_json: bool, **given: Any) -> None:
    """Live a year of customers and post it as Stripe's signed webhooks, faults included.

    Signs with STRIPE_WEBHOOK_SECRET. Credits spent are not sent: they are no webhooks.
    """
    receiver = Receiver(url, _secret())
    year = _year(seed, **given)
    attempts = _attempts(year, seed, **given)
    totals = _deliver(year, attempts, receiver, concurrency)
    click.echo(json.dumps(totals.as_dict()) if as_json else _sentence(totals))


def _year(seed: int, customers: int, start: datetime, days: int, **given: Any) -> Year:
    return live(seed, customers, start.replace(tzinfo=UTC), days, given["api_version"])


def _attempts(year: Year, seed: int, delay_days: int, **given: Any) -> list[Attempt]:
    knobs = {name: given[name] for name in ("duplicates", "shuffle", "drops", "outages")}
    faults = Faults(delay_seconds=delay_days * DAY, **knobs)
    random = Random(f"{seed}:faults")  # noqa: S311 - the same seed makes the same faults
    return plan([fact.at for fact in year.facts], faults, random)


def _deliver(year: Year, attempts: list[Attempt], receiver: Receiver, concurrency: int) -> Totals:
    bodies = list(year.bodies())
    with click.progressbar(
        length=len(attempts),
        label="Delivering",
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
        update_min_steps=100,
    ) as bar:
        course = Course(bodies, attempts, tick=lambda: bar.update(1))
        return deliver(course, receiver, concurrency)


def _secret() -> str:
    secrets = Settings.from_environment().webhook_secrets
    if not secrets:
        raise MissingSetting("STRIPE_WEBHOOK_SECRET", "deliveries are signed with it")
    return secrets[0]


def _sentence(totals: Totals) -> str:
    counts = totals.as_dict()
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "nothing"
