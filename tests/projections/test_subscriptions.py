"""Subscriptions: the newest plan whole, and what its invoices and owner add."""

from ledger.aggregates.subscription import Attributed, Changed, Covered, Ended, Started
from ledger.event import Event
from ledger.observations import Payer, Period, Plan
from projections.subscriptions import Subscription
from tests.ledger.providers.stripe import objects
from tests.ledger.providers.stripe.objects import NOW, Json, invoice, item, line
from tests.ledger.providers.stripe.payloads import event, time
from tests.projections.given import DAY, JAN_1, SUBSCRIPTION, given, rows, standing
from tests.projections.stories import only, rows_in_all_orders

PERIOD = Period(JAN_1, JAN_1 + 30 * DAY)
PLAN = Plan("active", Payer(), JAN_1, ("plan:pro",), 3, PERIOD, cart_id="cart_1")


def subscription(*events: Event) -> Subscription:
    (row,) = rows("subscriptions", *given(SUBSCRIPTION, *events))
    assert isinstance(row, Subscription)
    return row


def test_a_subscription_shows_its_plan_its_owner_and_its_paid_time() -> None:
    row = subscription(
        Covered(invoice_id="in_1", coverage=None, paid_until=PERIOD.end),
        Started(standing=standing(PLAN)),
        Attributed(customer_id="user_1", provider_customer_id="cus_1"),
    )

    assert row == Subscription(
        stream=SUBSCRIPTION,
        subscription_id="sub_1",
        account="acct_9",
        customer_id="user_1",
        provider_customer_id="cus_1",
        status="active",
        features=("plan:pro",),
        quantity=3,
        current_period_start=PERIOD.start,
        current_period_end=PERIOD.end,
        paid_until=PERIOD.end,
        cart_id="cart_1",
        started_at=JAN_1,
    )


def test_the_newest_plan_replaces_the_one_before() -> None:
    trial = Plan("trialing", Payer(), JAN_1, ("plan:a",), 1, None, PERIOD, cancel_at=PERIOD.end)

    row = subscription(Started(standing=standing(trial)), Changed(standing=standing(PLAN)))

    assert (row.status, row.trial_ends_at, row.cancel_at) == ("active", None, None)


def test_an_ended_subscription_says_when() -> None:
    over = Plan("canceled", Payer(), JAN_1, canceled_at=JAN_1, ended_at=JAN_1 + DAY)

    row = subscription(Ended(standing=standing(over, ambiguous=True)))

    assert (row.ended_at, row.canceled_at, row.ambiguous) == (JAN_1 + DAY, JAN_1, True)


def test_a_subscription_only_its_invoice_speaks_of_has_no_status() -> None:
    row = subscription(Covered(invoice_id="in_1", coverage=None, paid_until=PERIOD.end))

    assert (row.status, row.paid_until) == (None, PERIOD.end)


def test_a_subscription_of_which_nothing_is_left_to_say_has_no_row() -> None:
    paid = Covered(invoice_id="in_1", coverage=None, paid_until=PERIOD.end)
    unpaid = Covered(invoice_id="in_1", coverage=None, paid_until=None)

    assert rows("subscriptions", *given(SUBSCRIPTION, paid, unpaid)) == []


def test_it_is_paid_as_long_as_its_access_lasts_when_a_shorter_cycle_took_over() -> None:
    """Both tables say one thing, whichever of the invoices and the change of plan comes first."""
    year = {"start": NOW, "end": NOW + 365 * objects.DAY}
    week = {"start": NOW + 10 * objects.DAY, "end": NOW + 17 * objects.DAY}
    tables = rows_in_all_orders(
        event("customer.subscription.created", billed(year)),
        event("invoice.paid", invoice(lines={"data": [line(period=year)]})),
        event("customer.subscription.updated", billed(week), 10),
        event("invoice.paid", invoice(id="in_2", lines={"data": [line(period=week)]}), 10),
    )

    assert only(tables, "entitlements")["paid_until"] == time(17)
    assert only(tables, "subscriptions")["paid_until"] == time(17)


def billed(period: Json) -> Json:
    """A subscription whose one item is billed for this period."""
    both = {f"current_period_{name}": moment for name, moment in period.items()}
    return objects.subscription(items={"data": [item(**both)]})
