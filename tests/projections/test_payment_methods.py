"""Payment methods: whose they are, how long they were kept, and no more than the last four."""

import pytest

from ledger.errors import Refusal
from tests.ledger.providers.stripe.mirrored_objects import payment_method
from tests.ledger.providers.stripe.objects import DAY, NOW, Json, customer, session
from tests.ledger.providers.stripe.payloads import event, observe, time
from tests.projections.stories import only, rows_in_all_orders

NEWER: Json = {"card": {"brand": "visa", "exp_month": 4, "exp_year": 2034, "last4": "4242"}}
ATTACHED = event("payment_method.attached", payment_method())
RENEWED = event("payment_method.automatically_updated", payment_method(**NEWER), 30)
DETACHED = event(
    "payment_method.detached", payment_method(customer=None), 60, before={"customer": "cus_1"}
)


def test_a_card_shows_brand_and_last_four_and_its_newest_expiry() -> None:
    found = only(rows_in_all_orders(ATTACHED, RENEWED), "payment_methods")

    assert (found["kind"], found["brand"], found["last4"]) == ("card", "visa", "4242")
    assert (found["exp_month"], found["exp_year"]) == (4, 2034)
    assert (found["attached_at"], found["detached_at"]) == (time(0), None)


def test_what_is_detached_keeps_whose_it_was() -> None:
    found = only(rows_in_all_orders(ATTACHED, RENEWED, DETACHED), "payment_methods")

    assert (found["provider_customer_id"], found["detached_at"]) == ("cus_1", time(60))


def test_a_detachment_that_does_not_say_of_whom_leaves_what_is_known() -> None:
    silent = event("payment_method.detached", payment_method(customer=None), 60)
    found = only(rows_in_all_orders(ATTACHED, silent), "payment_methods")

    assert (found["provider_customer_id"], found["detached_at"]) == ("cus_1", time(60))


def test_a_detachment_alone_that_names_nobody_makes_no_row_yet() -> None:
    silent = event("payment_method.detached", payment_method(customer=None), 60)

    assert rows_in_all_orders(silent)["payment_methods"] == {}


def test_whose_it_is_follows_the_customer() -> None:
    names = session(mode="subscription", payment_intent=None, client_reference_id="ann")
    found = only(
        rows_in_all_orders(
            ATTACHED,
            event("customer.created", customer()),
            event("checkout.session.completed", names, 1),
        ),
        "payment_methods",
    )

    assert found["customer_id"] == "ann"


@pytest.mark.parametrize(
    ("kind", "details", "last4"),
    [("sepa_debit", {"last4": "3000"}, "3000"), ("link", {"email": "ann@example.org"}, None)],
)
def test_other_kinds_tell_a_last_four_or_nothing(
    kind: str, details: Json, last4: str | None
) -> None:
    told = payment_method(type=kind, card=None, **{kind: details})
    found = only(rows_in_all_orders(event("payment_method.attached", told)), "payment_methods")

    assert (found["kind"], found["last4"], found["brand"]) == (kind, last4, None)


def test_a_whole_number_where_the_last_four_belong_is_refused() -> None:
    whole = {"brand": "visa", "last4": "4242424242424242"}

    with pytest.raises(Refusal, match="last4"):
        observe(event("payment_method.attached", payment_method(card=whole), created=NOW + DAY))
