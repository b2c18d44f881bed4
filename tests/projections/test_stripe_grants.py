"""What Stripe itself grants is shown as it says, and grants nothing here."""

from tests.ledger.providers.stripe.mirrored_objects import (
    credit_grant,
    credit_transaction,
    entitlement_summary,
)
from tests.ledger.providers.stripe.objects import DAY, NOW, Json, customer
from tests.ledger.providers.stripe.payloads import event, time
from tests.projections.stories import only, rows_in_all_orders

SUMMARIZED = "entitlements.active_entitlement_summary.updated"
GRANTED = event("billing.credit_grant.created", credit_grant())


def summary(*features: str, on: float = 0, before: tuple[str, ...] | None = None) -> Json:
    """A customer's features, and those they had before."""
    earlier = entitlement_summary(*before)["entitlements"] if before is not None else None
    previous = {"entitlements": earlier} if earlier else None
    said = event(SUMMARIZED, entitlement_summary(*features), on, before=previous)
    return said | {"id": f"evt_{'_'.join(features)}_{on}"}


def moved(number: int, type_: str, value: int) -> Json:
    told = credit_transaction(type_, value, id=f"cbtxn_{number}")
    return event("billing.credit_balance_transaction.created", told, number)


def test_the_newest_summary_replaces_the_whole_set() -> None:
    rows = rows_in_all_orders(
        summary("pro"), summary("pro", "sso", on=1), summary("sso", on=2), summary(on=2, before=())
    )

    found = only(rows, "stripe_entitlements")
    assert found["features"] == ("sso",)
    assert found["provider_customer_id"] == "cus_1"
    assert rows["entitlements"] == {}


def test_within_one_second_the_earlier_set_tells_which_is_last() -> None:
    rows = rows_in_all_orders(
        summary("pro", before=()),
        summary("pro", "sso", before=("pro",)),
        summary("sso", before=("pro", "sso")),
    )

    found = only(rows, "stripe_entitlements")
    assert (found["features"], found["ambiguous"]) == (("sso",), False)


def test_a_set_that_is_cut_short_says_so() -> None:
    told = entitlement_summary("pro")
    told["entitlements"]["has_more"] = True

    assert not only(rows_in_all_orders(event(SUMMARIZED, told)), "stripe_entitlements")["complete"]


def test_a_grant_is_used_up_by_its_movements() -> None:
    rows = rows_in_all_orders(
        GRANTED,
        moved(1, "credits_applied", 400),
        moved(2, "credits_application_invoice_voided", 100),
        moved(3, "credits_expired", 250),
    )

    found = only(rows, "stripe_credit_grants")
    names = ("amount", "used", "expired", "voided", "remaining")
    assert [found[f"{name}_minor"] for name in names] == [1000, 300, 250, 0, 450]
    assert (found["customer_id"], found["name"]) == ("cus_1", "Welcome")
    assert rows["balances"] == {}


def test_a_voided_grant_tells_when() -> None:
    voided = credit_grant(voided_at=NOW + DAY)
    rows = rows_in_all_orders(
        GRANTED,
        event("billing.credit_grant.updated", voided, 1, before={"voided_at": None}),
        moved(1, "credits_voided", 1000),
        event("customer.updated", customer(metadata={"user_id": "ann"})),
    )

    found = only(rows, "stripe_credit_grants")
    assert (found["voided_at"], found["voided_minor"], found["remaining_minor"]) == (
        *(time(1), 1000, 0),
    )
    assert found["customer_id"] == "ann"


def test_movements_of_a_grant_that_was_not_seen_make_no_row_yet() -> None:
    rows = rows_in_all_orders(moved(1, "credits_applied", 400))

    assert rows["stripe_credit_grants"] == {}
