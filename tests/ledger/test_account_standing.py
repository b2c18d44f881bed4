"""Money settles exactly what it was asked for, or nothing, whatever the order it is told in."""

from __future__ import annotations

from hypothesis import given as examples
from hypothesis import strategies as st

from ledger.account_standing import Debt, Request, Standing, standing
from ledger.effects import AccountCredit
from tests.ledger.given import day, usd

MAY, JUNE = Debt(usd(1000), "May", day(1)), Debt(usd(2000), "June", day(2))
DEBTS = {"may": MAY, "june": JUNE}
BOTH = Request(("may", "june"), usd(3000), day(3), "cus_1", "pi_1")


def credit(minor: int = 3000, request: str | None = "ap_1", on: float = 4) -> AccountCredit:
    return AccountCredit("ann", usd(minor), day(on), request)


def statuses(stands: Standing) -> dict[str, str]:
    return {
        **{key: each.status for key, each in stands.charges.items()},
        **{key: each.status for key, each in stands.payments.items()},
    }


def test_what_was_asked_for_is_paid_as_a_whole() -> None:
    stands = standing(DEBTS, {"ap_1": BOTH}, {"pi_1": credit()})

    assert statuses(stands) == {"may": "paid", "june": "paid", "ap_1": "paid"}
    assert stands.charges["may"].payment_id == "pi_1"


def test_a_second_payment_of_one_request_has_a_row_of_its_own_and_settles_nothing() -> None:
    stands = standing(DEBTS, {"ap_1": BOTH}, {"pi_2": credit(on=5), "pi_1": credit()})

    assert statuses(stands) == {
        "may": "paid",
        "june": "paid",
        "ap_1": "paid",
        "pi_2": "mismatched",
    }
    assert stands.payments["ap_1"].payment_id == "pi_1"


def test_when_the_first_went_back_the_second_pays() -> None:
    back = AccountCredit("ann", usd(3000), day(4), "ap_1", 3000, day(6))
    stands = standing(DEBTS, {"ap_1": BOTH}, {"pi_1": back, "pi_2": credit(on=5)})

    assert statuses(stands)["ap_1"] == "refunded"
    assert statuses(stands)["pi_2"] == "paid"
    assert stands.charges["june"].payment_id == "pi_2"


def test_money_nobody_asked_for_is_marked() -> None:
    stands = standing(DEBTS, {}, {"pi_1": credit(request="ap_9")})

    assert statuses(stands) == {"may": "open", "june": "open", "pi_1": "mismatched"}
    assert stands.payments["pi_1"].mismatch == "it was never asked for"


def test_money_from_outside_is_paid_and_settles_nothing() -> None:
    stands = standing(DEBTS, {"ap_1": BOTH}, {"pi_1": credit(3000, request=None)})

    assert statuses(stands) == {"may": "open", "june": "open", "ap_1": "pending", "pi_1": "paid"}


def test_what_a_person_assigned_counts_whatever_was_asked_for() -> None:
    stands = standing(
        DEBTS, {"ap_1": BOTH}, {"pi_1": credit(2000, request=None)}, {"pi_1": ("june",)}
    )

    assert statuses(stands) == {"may": "open", "june": "paid", "ap_1": "pending", "pi_1": "paid"}


credits = st.dictionaries(
    st.sampled_from(["pi_1", "pi_2", "pi_3"]),
    st.builds(
        AccountCredit,
        st.just("ann"),
        st.sampled_from([usd(1000), usd(3000)]),
        st.integers(4, 6).map(day),
        st.sampled_from([None, "ap_1", "ap_2", "ap_9"]),
        st.just(0),
        st.none() | st.just(day(9)),
    ),
)
requests = st.fixed_dictionaries(
    {},
    optional={
        "ap_1": st.sampled_from([BOTH, Request(("may",), usd(1000), day(3), "cus_1")]),
        "ap_2": st.sampled_from(
            [Request(("may",), usd(1000), day(3), "cus_1", canceled="its charges changed")]
        ),
    },
)


@examples(requests, credits, st.booleans())
def test_every_charge_is_paid_by_money_of_its_amount_or_not_at_all(
    asked: dict[str, Request], money: dict[str, AccountCredit], waived: bool
) -> None:
    debts = {**DEBTS, "june": Debt(usd(2000), "June", day(2), waived)}
    stands = standing(debts, asked, money)

    assert stands == standing(debts, asked, dict(reversed(money.items())))
    for purchase_id, got in money.items():
        settled = [
            each.debt.amount.minor
            for each in stands.charges.values()
            if each.payment_id == purchase_id
        ]
        assert sum(settled) in (0, got.received.minor)
        assert not settled or got.taken_back_at is None
    assert all((each.status == "paid") == bool(each.paid_at) for each in stands.charges.values())
    rows = [each.payment_id for each in stands.payments.values() if each.paid_at]
    assert sorted(filter(None, rows)) == sorted(money)
