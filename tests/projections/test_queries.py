"""The questions the web asks, each answered from rows folded a moment ago."""

from collections.abc import Iterator

import psycopg
import pytest

from ledger.aggregates import invoice_events as invoice
from ledger.aggregates import purchase_events as purchase
from ledger.aggregates import subscription
from ledger.aggregates.bookkeeping import BatchKept, Entry, Outcome
from ledger.aggregates.credit_wallet import Spent, Totals
from ledger.aggregates.customer import Identified
from ledger.effects import Access, Receipt
from ledger.money import Money
from ledger.observations import Payer, Plan, Terms
from ledger.store.errors import StoreUnavailable
from projections.queries import Page, Queries
from tests.projections.given import (
    BOOKS,
    CUSTOMER,
    DAY,
    INVOICE,
    JAN_1,
    PURCHASE,
    SUBSCRIPTION,
    WALLET,
    given,
    standing,
)
from tests.projections.ledger import NAMES, append, project

EUROS = Money(2900, "eur")
TERMS = Terms(JAN_1, Payer("user_1"), EUROS)
ACCESS = Access("user_1", ("plan:pro",), JAN_1, JAN_1 + 30 * DAY, JAN_1 + 37 * DAY)


def entry(number: int, outcome: Outcome) -> Entry:
    event_id, received_at = f"evt_{number}", JAN_1 + number * DAY
    return Entry(f"d/{event_id}", event_id, "t", "", JAN_1, received_at, outcome)


ENTRIES = (entry(1, "applied"), entry(2, "refused"), entry(3, "applied"))
HISTORY = [
    *given(CUSTOMER, Identified(customer_id="user_1")),
    *given(
        PURCHASE,
        purchase.Described(source="intent", standing=standing(TERMS), terms=TERMS, ours=True),
        purchase.Attributed(customer_id="user_1", provider_customer_id="cus_1"),
    ),
    *given(
        SUBSCRIPTION,
        subscription.Started(standing=standing(Plan("active", Payer(), JAN_1))),
        subscription.Attributed(customer_id="user_1", provider_customer_id="cus_1"),
        subscription.Entitled(access=ACCESS),
    ),
    *given(INVOICE, invoice.Receipted(receipt=Receipt("user_1", EUROS, JAN_1))),
    *given(WALLET, Spent(key="k", credits=1, totals=Totals(9, 1))),
    *given(BOOKS, BatchKept(entries=ENTRIES, inbox_position=3)),
]


@pytest.fixture
def queries(tables_url: str) -> Iterator[Queries]:
    append(tables_url, HISTORY)
    project(tables_url)
    found = Queries(tables_url, NAMES)
    yield found
    found.close()


def test_a_customer_may_use_a_feature_from_the_grant_until_the_end(queries: Queries) -> None:
    days = [-1, 0, 36, 37]

    may = [queries.may_use("user_1", "plan:pro", JAN_1 + day * DAY, "acct_9") for day in days]

    assert may == [False, True, True, False]


def test_nobody_else_and_nothing_else_may_be_used(queries: Queries) -> None:
    assert not queries.may_use("user_2", "plan:pro", JAN_1, "acct_9")
    assert not queries.may_use("user_1", "plan:max", JAN_1, "acct_9")
    assert not queries.may_use("user_1", "plan:pro", JAN_1)


def test_all_that_belongs_to_a_customer_is_found(queries: Queries) -> None:
    (entitlement,) = queries.entitlements("user_1", "acct_9")
    (receipt,) = queries.receipts("user_1")
    (bought,) = queries.purchases("user_1")
    (subscribed,) = queries.subscriptions("user_1", "acct_9")
    (customer,) = queries.customers("user_1")

    assert (entitlement["active"], entitlement["reason"]) == (False, "expired")
    assert receipt["amount_paid_minor"] == 2900
    assert bought == queries.purchase("pi_1")
    assert subscribed["subscription_id"] == "sub_1"
    assert customer["provider_customer_id"] == "cus_1"


def test_every_list_can_be_had_page_by_page(queries: Queries) -> None:
    first = Page(1)

    for ask in (
        queries.receipts,
        queries.purchases,
        queries.charges,
        queries.account_payments,
        queries.registrations,
        queries.plan_periods,
    ):
        rows = ask("user_1")
        page = ask("user_1", page=first)
        assert [{name: row[name] for name in rows[0]} for row in page] == rows[:2]
        assert ask("user_1", page=Page(1, "nothing")) == []
        for row in page[:1]:
            (again, *_) = ask("user_1", page=Page(1, row["cursor"]))
            assert again == row
    assert queries.catalog(page=first) == queries.catalog()
    assert len(queries.entitlements("user_1", "acct_9", first)) == 1
    assert len(queries.subscriptions("user_1", "acct_9", first)) == 1


def test_a_balance_is_one_row_or_none(queries: Queries) -> None:
    balance = queries.balance("user_1")

    assert balance is not None
    assert balance["available"] == 8
    assert queries.balance("user_2") is None
    assert queries.purchase("pi_2") is None


def test_deliveries_come_newest_first(queries: Queries) -> None:
    assert [each["event_id"] for each in queries.deliveries()] == ["evt_3", "evt_2", "evt_1"]
    assert [each["event_id"] for each in queries.deliveries(limit=1)] == ["evt_3"]
    assert [each["event_id"] for each in queries.deliveries("refused")] == ["evt_2"]
    assert [each["outcome"] for each in queries.delivery("evt_2")] == ["refused"]
    assert queries.outcomes() == {"applied": 2, "refused": 1}


def test_a_database_that_is_away_is_named_so() -> None:
    away = Queries("postgresql://127.0.0.1:1/nowhere", NAMES, limit_seconds=0.2)

    with pytest.raises(StoreUnavailable):
        away.freshness()
    away.close()


def test_connections_the_server_has_ended_are_replaced(queries: Queries, tables_url: str) -> None:
    queries.freshness()
    with psycopg.connect(tables_url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )

    assert queries.freshness()["generation"] == 1
