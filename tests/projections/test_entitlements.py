"""Entitlements: who may use what, and one definition of active in Python and in SQL."""

from datetime import datetime

import psycopg
from hypothesis import given as examples
from hypothesis import strategies as st
from psycopg.sql import SQL, Literal

from ledger.aggregates import purchase_events, subscription
from ledger.effects import Access
from projections.entitlements import ACTIVE_AT, REASON_AT, Entitlement, active, reason
from tests.projections.given import DAY, JAN_1, PURCHASE, SUBSCRIPTION, given, rows

TWO = Access("user_1", ("plan:pro", "group:3"), JAN_1, JAN_1 + 30 * DAY, JAN_1 + 37 * DAY)


def lasting(
    granted_at: datetime,
    paid_until: datetime | None,
    ends_at: datetime | None,
    because: str | None,
    trial: bool,
    source_kind: str = "purchase",
) -> Entitlement:
    return Entitlement(
        stream=PURCHASE,
        customer_id="user_1",
        feature="plan:pro",
        source_kind=source_kind,
        source_id="pi_1",
        account="",
        granted_at=granted_at,
        paid_until=paid_until,
        ends_at=ends_at,
        ended_because=because,
        trial=trial,
    )


def test_each_feature_of_a_source_has_alasting() -> None:
    found = rows("entitlements", *given(SUBSCRIPTION, subscription.Entitled(access=TWO)))

    assert found == [
        Entitlement(
            stream=SUBSCRIPTION,
            customer_id="user_1",
            feature=feature,
            source_kind="subscription",
            source_id="sub_1",
            account="acct_9",
            granted_at=JAN_1,
            paid_until=JAN_1 + 30 * DAY,
            ends_at=JAN_1 + 37 * DAY,
            ended_because=None,
            trial=False,
        )
        for feature in ("plan:pro", "group:3")
    ]


def test_after_a_change_of_plan_the_dropped_feature_is_gone() -> None:
    one = Access("user_1", ("group:3",), JAN_1)

    events = given(
        SUBSCRIPTION,
        subscription.Entitled(access=TWO),
        subscription.Entitled(access=one, dropped=("plan:pro",)),
    )

    (row,) = rows("entitlements", *events)
    assert isinstance(row, Entitlement)
    assert (row.feature, row.ends_at) == ("group:3", None)


def test_a_source_that_gives_nothing_any_more_has_nolasting() -> None:
    events = given(
        PURCHASE,
        purchase_events.Entitled(access=TWO),
        purchase_events.Entitled(access=None, dropped=TWO.features),
    )

    assert rows("entitlements", *events) == []


def test_a_refund_ends_access_and_is_the_reason() -> None:
    taken = Access("user_1", ("learning_path:7",), JAN_1).ended(JAN_1 + DAY, "refunded")

    (row,) = rows("entitlements", *given(PURCHASE, purchase_events.Entitled(access=taken)))

    assert isinstance(row, Entitlement)
    assert active(row, JAN_1)
    assert not active(row, JAN_1 + DAY)
    assert reason(row, JAN_1 + DAY) == "refunded"


def test_the_reason_goes_from_paid_through_grace_to_expired() -> None:
    row = lasting(JAN_1, JAN_1 + 30 * DAY, JAN_1 + 37 * DAY, None, False)

    days = {day: reason(row, JAN_1 + day * DAY) for day in (0, 29, 30, 36, 37)}

    assert days == {0: "paid", 29: "paid", 30: "grace", 36: "grace", 37: "expired"}


moments = st.integers(0, 6).map(lambda day: JAN_1 + day * DAY)
entitlements = st.builds(
    lasting,
    moments,
    st.none() | moments,
    st.none() | moments,
    st.none() | st.sampled_from(["refunded", "canceled"]),
    st.booleans(),
    st.sampled_from(["purchase", "subscription", "grant"]),
)


def test_python_and_sql_agree_on_what_is_active_and_why(server_url: str) -> None:
    with psycopg.connect(server_url) as connection:

        @examples(entitlements, moments)
        def agree(row: Entitlement, at: datetime) -> None:
            assert _in_sql(connection, row, at) == (active(row, at), reason(row, at))

        agree()


def _in_sql(
    connection: psycopg.Connection[tuple[bool, str]], row: Entitlement, at: datetime
) -> tuple[bool, str] | None:
    moment = Literal(at)
    query = SQL(
        "SELECT {active}, {reason} FROM (SELECT {granted_at}::timestamptz AS granted_at,"
        " {paid_until}::timestamptz AS paid_until, {ends_at}::timestamptz AS ends_at,"
        " {because}::text AS ended_because, {trial}::boolean AS trial,"
        " {kind}::text AS source_kind) e"
    ).format(
        active=SQL(ACTIVE_AT).format(at=moment),
        reason=SQL(REASON_AT).format(at=moment),
        granted_at=Literal(row.granted_at),
        paid_until=Literal(row.paid_until),
        ends_at=Literal(row.ends_at),
        because=Literal(row.ended_because),
        trial=Literal(row.trial),
        kind=Literal(row.source_kind),
    )
    return connection.execute(query).fetchone()
