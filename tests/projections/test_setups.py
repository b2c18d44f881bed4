"""Setup intents end as they ended, and mandates stand as they stand."""

import pytest

from tests.ledger.providers.stripe.mirrored_objects import mandate, setup_intent
from tests.ledger.providers.stripe.objects import Json
from tests.ledger.providers.stripe.payloads import event, time
from tests.projections.stories import only, rows_in_all_orders

DECLINED = {"code": "card_declined", "decline_code": "insufficient_funds"}
OPEN: Json = {"status": "requires_payment_method", "payment_method": None}
CREATED = event("setup_intent.created", setup_intent(**OPEN))
FAILED = event("setup_intent.setup_failed", setup_intent(**OPEN, last_setup_error=DECLINED))


def test_a_setup_that_failed_tells_why() -> None:
    found = only(rows_in_all_orders(CREATED, FAILED), "setup_intents")

    assert (found["status"], found["error"]) == ("requires_payment_method", "insufficient_funds")


@pytest.mark.parametrize(("end", "status"), [("succeeded", "succeeded"), ("canceled", "canceled")])
def test_all_of_it_may_happen_within_one_second(end: str, status: str) -> None:
    found = only(
        rows_in_all_orders(
            CREATED,
            event("setup_intent.requires_action", setup_intent(status="requires_action")),
            FAILED,
            event(f"setup_intent.{end}", setup_intent(status=status)),
        ),
        "setup_intents",
    )

    assert (found["status"], found["payment_method_id"]) == (status, "pm_1")
    assert (found["customer_id"], found["created_at"]) == ("cus_1", time(0))
    assert not found["ambiguous"]


def test_a_mandate_is_as_its_newest_report_says() -> None:
    found = only(
        rows_in_all_orders(
            event("mandate.updated", mandate(), before={"status": "pending"}),
            event("mandate.updated", mandate(status="inactive"), before={"status": "active"}),
        ),
        "mandates",
    )

    assert (found["status"], found["kind"], found["payment_method_id"]) == (
        *("inactive", "multi_use", "pm_1"),
    )
