"""Customers: what was reported of them, and who they are."""

from ledger.aggregates.customer import Deleted, Engaged, Identified, Named, Reported
from ledger.observations import CustomerDetails
from projections.customers import Customer
from projections.schema import connect
from tests.projections.given import CUSTOMER, DAY, JAN_1, given, rows, standing
from tests.projections.ledger import NAMES

ADA = CustomerDetails(JAN_1, "user_1", "ada@example.com", "Ada")


def test_a_reported_customer_is_known_by_the_applications_user() -> None:
    events = given(CUSTOMER, Reported(standing=standing(ADA)), Identified(customer_id="user_1"))

    assert rows("customers", *events) == [
        Customer(CUSTOMER, "cus_1", "", "user_1", "ada@example.com", "Ada", JAN_1)
    ]


def test_a_customer_others_only_name_has_a_row_without_details() -> None:
    events = given(
        CUSTOMER,
        Named(by=CUSTOMER, user_id="user_2", at=JAN_1),
        Engaged(stream="purchase/stripe/live//pi_1"),
        Identified(customer_id="user_2"),
    )

    assert rows("customers", *events) == [Customer(CUSTOMER, "cus_1", "", "user_2")]


def test_a_deleted_customer_keeps_what_was_known() -> None:
    events = given(CUSTOMER, Reported(standing=standing(ADA)), Deleted(deleted_at=JAN_1 + DAY))

    (row,) = rows("customers", *events)
    assert isinstance(row, Customer)
    assert (row.name, row.deleted_at, row.customer_id) == ("Ada", JAN_1 + DAY, "cus_1")


def test_reports_that_cannot_be_ordered_are_marked() -> None:
    events = given(CUSTOMER, Reported(standing=standing(ADA, ambiguous=True)))

    (row,) = rows("customers", *events)
    assert isinstance(row, Customer)
    assert row.ambiguous


def test_an_account_and_a_quoted_id_are_read_from_the_stream() -> None:
    stream = "customer/stripe/live/acct%2F9/cus%201"
    events = given(stream, Identified(customer_id="cus 1"))

    assert rows("customers", *events) == [Customer(stream, "cus 1", "acct/9", "cus 1")]


def test_an_address_is_looked_up_by_an_index_whatever_its_case(tables_url: str) -> None:
    query = (
        "EXPLAIN SELECT customer_id FROM finance.customers WHERE lower(email) = lower('Ada@x.org')"
    )
    with connect(tables_url, NAMES) as connection, connection.transaction():
        connection.execute("SET LOCAL enable_seqscan = off")
        plan = "\n".join(str(row[0]) for row in connection.execute(query))

    assert "lower_idx" in plan
