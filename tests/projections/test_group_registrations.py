"""Registrations for groups: pending until paid, by a purchase, a subscription or a grant."""

from datetime import datetime

import psycopg
from hypothesis import given as examples
from hypothesis import settings
from hypothesis import strategies as st
from msgspec.structs import replace
from psycopg.sql import SQL, Literal

from ledger.aggregates import hand_grant, subscription
from ledger.aggregates import purchase_events as purchase
from ledger.effects import Access
from ledger.observations import Payer, Plan, Terms
from projections.group_registrations import GIVEN_UP, STATUS_AT, GroupRegistration, status
from tests.projections.given import DAY, JAN_1, PURCHASE, SUBSCRIPTION, given, rows, standing

PAID = Access("ann", ("group:9", "learning_path:7"), JAN_1, ends_at=JAN_1 + 9 * DAY)


def described(*features: str, ours: bool = True) -> purchase.Described:
    terms = Terms(JAN_1, Payer("ann"), features=features)
    return purchase.Described(source="intent", standing=standing(terms), terms=terms, ours=ours)


def started(*features: str, cart_id: str | None = "cart_1") -> subscription.Started:
    plan = Plan("active", Payer("ann"), JAN_1, features, cart_id=cart_id)
    return subscription.Started(standing=standing(plan))


def registrations(stream: str, *events: object) -> list[GroupRegistration]:
    found = rows("group_registrations", *given(stream, *events))  # type: ignore[arg-type] # events of any kind
    return [each for each in found if isinstance(each, GroupRegistration)]


def test_a_payment_for_a_group_is_a_registration_before_it_is_paid() -> None:
    (pending,) = registrations(PURCHASE, described("group:9"))
    (paid,) = registrations(PURCHASE, described("group:9"), purchase.Entitled(access=PAID))

    assert pending == GroupRegistration(
        PURCHASE, "9", "purchase", "pi_1", "", customer_id="ann", user_id="ann"
    )
    assert (paid.customer_id, paid.paid_at, paid.ends_at) == ("ann", JAN_1, JAN_1 + 9 * DAY)


def test_a_subscription_registers_the_cart_it_names() -> None:
    (pending,) = registrations(SUBSCRIPTION, started("group:9"))
    (paid,) = registrations(
        SUBSCRIPTION, started("group:9"), subscription.Entitled(access=PAID), started("group:9")
    )

    assert (pending.cart_id, pending.account, pending.paid_at) == ("cart_1", "acct_9", None)
    assert (paid.cart_id, paid.paid_at) == ("cart_1", JAN_1)


def test_without_access_it_is_pending_again_and_its_own_users() -> None:
    moved = Access("bob", ("group:9",), JAN_1)

    (row,) = registrations(
        PURCHASE,
        described("group:9"),
        purchase.Entitled(access=moved),
        purchase.Entitled(access=None, dropped=("group:9",)),
    )

    assert (row.customer_id, row.paid_at, row.ends_at) == ("ann", None, None)


def test_a_subscription_that_ended_unpaid_is_not_pending_for_ever() -> None:
    over = Plan("incomplete_expired", Payer("ann"), JAN_1, ("group:9",), ended_at=JAN_1 + DAY)
    gone = subscription.Ended(standing=standing(over))
    paid = subscription.Entitled(access=PAID)
    taken_back = subscription.Entitled(access=None, dropped=("group:9",))

    for events in (
        (started("group:9"), gone),
        (started("group:9"), paid, gone, taken_back),
        (started("group:9"), paid, taken_back, gone),
    ):
        (row,) = registrations(SUBSCRIPTION, *events)
        assert (row.paid_at, row.ends_at) == (None, JAN_1 + DAY)
        assert status(row, JAN_1 + DAY) == "ended"


def test_a_payment_that_is_given_up_is_not_pending_for_ever() -> None:
    def stands(*events: object) -> str:
        (row,) = registrations(PURCHASE, *events)
        return status(row, JAN_1)

    opened, failed = described("group:9"), purchase.PaymentClosed(outcome="failed")
    for outcome in GIVEN_UP:
        over = purchase.PaymentClosed(outcome=outcome)
        late = replace(opened, closed=outcome)
        assert stands(opened, failed) == "pending"
        assert stands(opened, failed, over) == stands(over, late) == "ended"
        assert stands(opened, over, late) == "ended"
        assert stands(opened, over, purchase.Entitled(access=PAID)) == "paid"


def test_what_is_for_no_group_of_ours_is_no_registration() -> None:
    assert registrations(PURCHASE, described("learning_path:7")) == []
    assert registrations(PURCHASE, described("group:9", ours=False)) == []
    assert registrations(PURCHASE, described("group:9"), described("learning_path:7")) == []
    assert registrations(SUBSCRIPTION, started("plan:pro")) == []


def test_a_free_group_is_a_registration_nobody_paid() -> None:
    stream = "grant/stripe/live//g1"

    (row,) = registrations(stream, hand_grant.Entitled(access=PAID, note="free"))

    assert (row.source_kind, row.source_id, row.group_id, row.paid_at) == ("grant", "g1", "9", None)
    assert row.ends_at == JAN_1 + 9 * DAY
    other = Access("ann", ("plan:pro",), JAN_1)
    assert registrations(stream, hand_grant.Entitled(access=other, note="a prize")) == []


moments = st.integers(0, 4).map(lambda days: JAN_1 + days * DAY)
some = st.builds(
    GroupRegistration,
    st.just(PURCHASE),
    st.just("9"),
    st.sampled_from(["purchase", "subscription", "grant"]),
    st.just("1"),
    st.just(""),
    paid_at=st.none() | moments,
    ends_at=st.none() | moments,
    given_up=st.booleans(),
)


def test_python_and_sql_agree_on_how_a_registration_stands(server_url: str) -> None:
    with psycopg.connect(server_url) as connection:

        @settings(max_examples=50)
        @examples(some, moments)
        def agree(row: GroupRegistration, at: datetime) -> None:
            query = SQL(
                "SELECT {status} FROM (SELECT {paid_at}::timestamptz AS paid_at,"
                " {ends_at}::timestamptz AS ends_at, {kind}::text AS source_kind,"
                " {given_up}::boolean AS given_up) r"
            ).format(
                status=SQL(STATUS_AT).format(at=Literal(at)),
                paid_at=Literal(row.paid_at),
                ends_at=Literal(row.ends_at),
                kind=Literal(row.source_kind),
                given_up=Literal(row.given_up),
            )
            assert connection.execute(query).fetchall() == [(status(row, at),)]

        agree()
