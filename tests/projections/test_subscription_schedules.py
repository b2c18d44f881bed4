"""Schedules: where they are, and how they ended."""

import pytest

from tests.ledger.providers.stripe.mirrored_objects import schedule
from tests.ledger.providers.stripe.objects import DAY, MONTH, NOW, Json
from tests.ledger.providers.stripe.payloads import event, time
from tests.projections.stories import only, rows_in_all_orders

CREATED = event("subscription_schedule.created", schedule())
SECOND = {"start_date": NOW + MONTH, "end_date": NOW + 2 * MONTH}


def test_a_schedule_tells_when_the_next_change_is_due() -> None:
    moved = schedule(current_phase=SECOND)
    found = only(
        rows_in_all_orders(CREATED, event("subscription_schedule.updated", moved, 30)),
        "subscription_schedules",
    )

    assert (found["status"], found["phases"], found["end_behavior"]) == ("active", 2, "release")
    assert (found["phase_started_at"], found["phase_ends_at"]) == (time(30), time(60))
    assert (found["subscription_id"], found["customer_id"]) == ("sub_1", "cus_1")


@pytest.mark.parametrize(
    ("end", "told"),
    [
        ("released", {"status": "released", "released_at": NOW + DAY}),
        ("canceled", {"status": "canceled", "canceled_at": NOW + DAY}),
        ("aborted", {"status": "canceled", "canceled_at": NOW + DAY}),
        ("completed", {"status": "completed", "completed_at": NOW + DAY}),
    ],
)
def test_a_schedule_that_is_over_still_names_its_subscription(end: str, told: Json) -> None:
    gone = schedule(subscription=None, released_subscription="sub_1", current_phase=None, **told)
    found = only(
        rows_in_all_orders(
            CREATED,
            event("subscription_schedule.updated", schedule(), 1, before={"phases": []}),
            event(f"subscription_schedule.{end}", gone, 1),
        ),
        "subscription_schedules",
    )

    assert (found["status"], found["ended_at"]) == (told["status"], time(1))
    assert (found["subscription_id"], found["phase_ends_at"]) == ("sub_1", None)
