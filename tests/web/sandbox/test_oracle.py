"""The oracle's rows agree with each other and with the lives that led to them."""

from collections import defaultdict

from web.sandbox import Tables, Year, oracle
from web.sandbox.oracle.rows import Row
from web.sandbox.truth.intents import Charge
from web.sandbox.truth.refunds import Refund
from web.sandbox.truth.subscriptions import Subscription
from web.sandbox.truth.world import Fact


def test_credits_granted_and_owed_are_credits_spent_revoked_and_left(tables: Tables) -> None:
    rows = tables["balances"].values()
    assert rows
    for row in rows:
        have = row["granted"] + row["shortfall"]
        assert have == row["spent"] + row["revoked"] + row["available"]
        assert 0 in (row["shortfall"], row["available"])


def test_some_balance_is_short_and_some_is_not(tables: Tables) -> None:
    assert {row["shortfall"] > 0 for row in tables["balances"].values()} == {True, False}


def test_all_money_that_came_in_is_kept_or_went_back(year: Year, tables: Tables) -> None:
    view = year.truth.as_of()
    charged = sum(each.amount_captured for each in view.all(Charge))
    back = sum(each.amount for each in view.all(Refund) if each.status == "succeeded")
    rows = tables["purchases"].values()
    assert sum(row["paid_minor"] for row in rows) == charged
    assert sum(row["refunded_minor"] for row in rows) == back
    assert all(0 <= row["refunded_minor"] <= row["paid_minor"] for row in rows)


def test_every_status_of_a_purchase_occurs(tables: Tables) -> None:
    assert {row["status"] for row in tables["purchases"].values()} >= {
        "abandoned",
        "canceled",
        "dispute_lost",
        "failed",
        "other_platform",
        "paid",
        "partially_refunded",
        "pending",
        "refunded",
    }


def test_every_end_of_a_subscription_occurs(tables: Tables) -> None:
    assert {row["status"] for row in tables["subscriptions"].values()} >= {
        "active",
        "canceled",
        "incomplete_expired",
        "paused",
        "unpaid",
    }


def test_a_receipt_never_counts_the_payment_of_an_invoice_again(tables: Tables) -> None:
    receipts = tables["paid_invoices"]
    paid = [row for row in tables["purchases"].values() if row["invoice_id"]]
    assert paid
    assert all((row["purchase_id"],) not in receipts for row in paid)


def test_receipts_amount_to_the_money_of_their_payments(tables: Tables) -> None:
    of_invoice: dict[str, int] = defaultdict(int)
    for row in tables["purchases"].values():
        of_invoice[row["invoice_id"] or row["purchase_id"]] += row["paid_minor"]
    for row in tables["paid_invoices"].values():
        by_cheque = row["number"] is not None and row["invoice_id"] not in of_invoice
        assert by_cheque or of_invoice[row["invoice_id"]] in {0, row["amount_paid_minor"]}


def test_rights_end_after_they_began_and_only_known_reasons_end_them(tables: Tables) -> None:
    rows = tables["entitlements"].values()
    assert all(row["ends_at"] is None or row["granted_at"] <= row["ends_at"] for row in rows)
    reasons = {row["reason"] for row in rows}
    assert reasons >= {None, "canceled", "dispute_lost", "paused", "refunded"}
    assert reasons <= {None, "canceled", "dispute_lost", "paused", "refunded", "unpaid"}


def test_a_subscription_left_unpaid_within_the_grace_ends_access_then(year: Year) -> None:
    """Later renewals of the unpaid subscription change nothing about since when it is."""
    left = [fact for fact in year.truth.facts if became(fact, "unpaid")]
    assert left
    for fact in left:
        then = of_source(oracle(year.truth, at=fact.at), fact.noun.id)
        assert (then["reason"], then["ends_at"].timestamp()) == ("unpaid", fact.at)
        now = of_source(oracle(year.truth), fact.noun.id)
        assert (now["reason"], now["ends_at"]) == (then["reason"], then["ends_at"])


def became(fact: Fact, status: str) -> bool:
    """Whether a subscription took on the status with this fact."""
    after, before = fact.noun, fact.before
    both = isinstance(after, Subscription) and isinstance(before, Subscription)
    return both and status == getattr(after, "status", None) != getattr(before, "status", None)


def of_source(tables: Tables, source_id: str) -> Row:
    """The one right a source gives."""
    rows = tables["entitlements"].values()
    return next(row for row in rows if row["source_id"] == source_id)


def test_customers_are_named_or_named_late_or_stay_what_stripe_calls_them(tables: Tables) -> None:
    rows = tables["customers"].values()
    assert any(row["customer_id"] == row["provider_customer_id"] for row in rows)
    assert any(row["customer_id"].startswith("u") for row in rows)
    assert any(row["deleted_at"] for row in rows)
    assert any(row["customer_id"] is None for row in tables["purchases"].values())


def test_nobody_spends_what_is_not_there(year: Year) -> None:
    assert len(year.spends) > 50
    for spend in year.spends[::9]:
        row = oracle(year.truth, at=spend.at)["balances"][spend.customer_id, spend.account]
        assert row["shortfall"] == 0, spend


def test_the_past_is_seen_as_it_was(year: Year) -> None:
    middle = year.truth.facts[len(year.truth.facts) // 2].at
    then, now = oracle(year.truth, at=middle), oracle(year.truth)
    assert 0 < len(then["purchases"]) < len(now["purchases"])
    assert then["purchases"].keys() <= now["purchases"].keys()


def test_without_a_platform_of_its_own_the_ledger_takes_all_payments(year: Year) -> None:
    rows = oracle(year.truth, platform=None)["purchases"].values()
    assert "other_platform" not in {row["status"] for row in rows}
