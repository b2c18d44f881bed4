"""What checkout leaves in the tables, on a real Postgres, as finance reads it."""

from __future__ import annotations

from projections.engine import fold_until
from projections.registry import PROJECTIONS
from tests.ledger.checkout.town import Town, a_life
from tests.projections.ledger import finance, project, reading, stored


def test_every_table_is_on_postgres_what_the_history_folds_to(town: Town) -> None:
    a_life(town)
    project(town.url)

    with reading(town.url) as reader:
        folded = fold_until(reader, PROJECTIONS)
    assert stored(town.url) == folded
    filled = (
        "catalog",
        "account_charges",
        "account_payments",
        "group_registrations",
        "plan_periods",
    )
    assert all(folded[name] for name in filled)


def test_finance_reads_what_was_sold(town: Town) -> None:
    a_life(town)
    project(town.url)

    with finance(town.url) as connection:
        ask = connection.execute
        assert ask(
            "SELECT charge_id, status FROM finance.account_charges ORDER BY 1"
        ).fetchall() == [
            ("june", "open"),
            ("may", "paid"),
        ]
        assert ask("SELECT status, charge_ids FROM finance.account_payments").fetchall() == [
            ("paid", ["may"])
        ]
        assert ask(
            "SELECT group_id, cart_id, status FROM finance.group_registrations ORDER BY 1"
        ).fetchall() == [("1", None, "free"), ("9", "cart_1", "ended")]  # its month is long over
        assert ask(
            "SELECT feature, reason, note FROM finance.entitlements WHERE source_kind = 'grant'"
            " ORDER BY 1"
        ).fetchall() == [("export", "granted", "a prize"), ("group:1", "granted", "a free group")]
        assert ask("SELECT plan_id FROM finance.plan_periods ORDER BY held_from").fetchall() == [
            ("starter",),
            ("premium",),
            ("starter",),
        ]


OVERLAPS = """
SELECT a.customer_id, a.plan_id, b.plan_id
  FROM finance.plan_periods a
  JOIN finance.plan_periods b USING (customer_id, account)
 WHERE (a.held_from, a.subscription_id) <> (b.held_from, b.subscription_id)
   AND tstzrange(a.held_from, a.held_until) && tstzrange(b.held_from, b.held_until)"""


def test_no_two_plans_of_a_user_hold_at_one_instant(town: Town) -> None:
    a_life(town)
    project(town.url)

    with finance(town.url) as connection:
        assert connection.execute(OVERLAPS).fetchall() == []
        empty = "SELECT FROM finance.plan_periods WHERE held_until <= held_from"
        assert connection.execute(empty).fetchall() == []
