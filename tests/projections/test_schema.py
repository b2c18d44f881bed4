"""What finance sees: the promised columns, each with its comment, and nothing behind them."""

from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections.generations import Generations, NoGeneration
from projections.registry import PROJECTIONS
from projections.schema import connect, migrate
from tests.projections.ledger import NAMES, finance

CONTRACT = {
    "account_charges": "charge_id account customer_id status currency amount_minor description"
    " due_at paid_at purchase_id",
    "account_payments": "payment_key account customer_id provider_customer_id status currency"
    " amount_minor refunded_minor charge_ids is_external purchase_id requested_at paid_at mismatch",
    "application_fees": "application_fee_id account connected_account currency amount_minor"
    " refunded_minor charge_id charge_account created_at ambiguous",
    "balance_transactions": "balance_transaction_id account type reporting_category source_id"
    " purchase_id currency amount_minor fee_minor net_minor provider_fee_minor"
    " application_fee_minor tax_minor available_on created_at ambiguous",
    "balances": "customer_id account granted spent revoked available shortfall",
    "catalog": "kind offering_id account name premium amount_minor currency billed_each features"
    " starter destination product_id price_id beside",
    "credit_notes": "credit_note_id account customer_id provider_customer_id invoice_id number"
    " status reason currency amount_minor pre_payment_minor post_payment_minor refunded_minor"
    " credited_minor out_of_band_minor refund_ids created_at effective_at voided_at ambiguous",
    "customers": "provider_customer_id account customer_id email name created_at deleted_at"
    " ambiguous",
    "deliveries": "delivery_id event_id type account created received_at outcome reason",
    "entitlements": "customer_id feature source_kind source_id account granted_at paid_until"
    " ends_at note active reason",
    "freshness": "as_of lag_seconds waiting_deliveries waiting_since lag_events lagging_since"
    " position head generation",
    "group_registrations": "group_id source_kind source_id account customer_id cart_id paid_at"
    " ends_at status",
    "invoices": "invoice_id account customer_id provider_customer_id subscription_id number status"
    " currency total_minor due_minor paid_minor remaining_minor overpaid_minor attempt_count"
    " next_attempt_at finalized_at due_at paid_at voided_at uncollectible_at period_start"
    " period_end ambiguous",
    "mandates": "mandate_id account payment_method_id kind status accepted_at ambiguous",
    "paid_invoices": "invoice_id account customer_id subscription_id number currency"
    " amount_paid_minor amount_refunded_minor paid_at period_start period_end",
    "payment_methods": "payment_method_id account customer_id provider_customer_id kind brand last4"
    " exp_month exp_year attached_at detached_at ambiguous",
    "payouts": "payout_id account status currency amount_minor automatic method failure_code"
    " reconciled created_at arrives_at paid_at failed_at ambiguous",
    "plan_periods": "customer_id account plan_id subscription_id held_from held_until",
    "purchases": "purchase_id account customer_id provider_customer_id status currency amount_minor"
    " paid_minor refunded_minor disputed_minor credits features description invoice_id opened_at"
    " paid_at charge_id conflict ambiguous",
    "setup_intents": "setup_intent_id account customer_id provider_customer_id status"
    " payment_method_id error created_at ambiguous",
    "stripe_credit_grants": "credit_grant_id account customer_id provider_customer_id name category"
    " currency amount_minor used_minor expired_minor voided_minor remaining_minor created_at"
    " effective_at expires_at voided_at ambiguous",
    "stripe_entitlements": "provider_customer_id account customer_id features complete ambiguous",
    "subscription_schedules": "subscription_schedule_id account customer_id provider_customer_id"
    " subscription_id status end_behavior phases phase_started_at phase_ends_at created_at"
    " ended_at ambiguous",
    "subscriptions": "subscription_id account customer_id provider_customer_id status features"
    " quantity current_period_start current_period_end paid_until cart_id started_at trial_ends_at"
    " cancel_at canceled_at ended_at ambiguous",
    "transfers": "transfer_id account destination currency amount_minor reversed_minor charge_id"
    " transfer_group created_at ambiguous",
}

COLUMNS = """
    SELECT c.relname, a.attname, col_description(c.oid, a.attnum), obj_description(c.oid),
           format_type(a.atttypid, a.atttypmod)
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
     WHERE c.relnamespace = %s::regnamespace ORDER BY c.relname, a.attnum"""


def test_finance_sees_the_promised_columns_in_order(tables_url: str) -> None:
    with psycopg.connect(tables_url) as connection:
        found: dict[str, list[str]] = {}
        for view, column, *_ in connection.execute(COLUMNS, [NAMES.finance]):
            found.setdefault(view, []).append(column)

    assert {view: " ".join(columns) for view, columns in found.items()} == CONTRACT


def test_every_view_and_column_has_a_comment(tables_url: str) -> None:
    with psycopg.connect(tables_url) as connection:
        rows = connection.execute(COLUMNS, [NAMES.finance]).fetchall()

    assert [row[:2] for row in rows if not (row[2] and row[3])] == []


def test_amounts_and_credits_are_whole_numbers(tables_url: str) -> None:
    with psycopg.connect(tables_url) as connection:
        rows = connection.execute(COLUMNS, [NAMES.finance]).fetchall()

    assert {row[4] for row in rows if row[1].endswith("_minor")} == {"bigint"}
    assert {row[4] for row in rows} == {
        *("text", "text[]", "bigint", "integer", "boolean", "timestamp with time zone")
    }


def test_finance_reads_every_view(tables_url: str) -> None:
    with finance(tables_url) as connection:
        for view in CONTRACT:
            query = SQL("SELECT * FROM {}").format(Identifier(NAMES.finance, view))
            assert connection.execute(query).fetchall() == [] or view == "freshness"


def test_finance_may_change_nothing_and_see_nothing_else(tables_url: str) -> None:
    with psycopg.connect(tables_url) as connection:
        behind = connection.execute(
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY(%s)",
            [list(NAMES.schemas)],
        ).fetchall()

    with finance(tables_url) as connection:
        for table in behind:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(SQL("SELECT FROM {}").format(Identifier(*table)))
        for view in CONTRACT:
            with pytest.raises(psycopg.Error):
                connection.execute(SQL("DELETE FROM {}").format(Identifier(NAMES.finance, view)))
    assert len(behind) > len(PROJECTIONS)


def test_the_migration_may_run_again_and_in_several_processes(database_url: str) -> None:
    with ThreadPoolExecutor(4) as several:
        assert list(several.map(lambda _: migrate(database_url), range(8))) == [True] * 8

    with connect(database_url, NAMES) as connection:
        assert [each.number for each in Generations(NAMES.projections).all(connection)] == [1]


def test_before_the_migration_there_is_no_generation(database_url: str) -> None:
    with (
        connect(database_url, NAMES) as connection,
        pytest.raises(NoGeneration, match="billing migrate"),
    ):
        Generations(NAMES.projections).current(connection)


def test_rows_that_were_not_seen_themselves_are_not_shown(tables_url: str) -> None:
    with connect(tables_url, NAMES) as connection:
        connection.execute(
            "INSERT INTO billing_projections.purchases_1 (stream, purchase_id, account, status,"
            " paid_minor, refunded_minor, disputed_minor, credits, features, ambiguous, seen, ours,"
            " lost_minor, doubts) VALUES ('s', 'pi_1', '', 'pending', 0, 0, 0, 0, '{}', false,"
            " false, true, 0, '{}')"
        )

    with finance(tables_url) as connection:
        assert connection.execute("SELECT * FROM finance.purchases").fetchall() == []
