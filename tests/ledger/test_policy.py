"""The rules that give a purchase its word and its credits, one table each."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.policy import Policy, PurchaseStatus, Sums, purchase_status, revoked_credits

STATUSES: dict[str, tuple[Sums, str | None, PurchaseStatus]] = {
    "nothing yet": (Sums(), None, "pending"),
    "an attempt failed": (Sums(), "failed", "failed"),
    "given up": (Sums(), "abandoned", "abandoned"),
    "canceled": (Sums(), "canceled", "canceled"),
    "paid": (Sums(1000), None, "paid"),
    "paid after a failed attempt": (Sums(1000), "failed", "paid"),
    "paid nothing for nothing": (Sums(0), None, "paid"),
    "refunded in part": (Sums(1000, refunded=999), None, "partially_refunded"),
    "refunded": (Sums(1000, refunded=1000), None, "refunded"),
    "refunded and more": (Sums(1000, refunded=1001), None, "refunded"),
    "a refund of what never came": (Sums(refunded=1000), None, "pending"),
    "disputed": (Sums(1000, disputed=1000), None, "disputed"),
    "disputed though refunded": (Sums(1000, refunded=1000, disputed=1000), None, "disputed"),
    "lost": (Sums(1000, disputed=1000, lost=1000), None, "dispute_lost"),
    "one lost, one open": (Sums(1000, disputed=900, lost=400), None, "dispute_lost"),
}


@pytest.mark.parametrize("story", STATUSES)
def test_a_purchase_has_one_word_for_how_it_stands(story: str) -> None:
    sums, closed, status = STATUSES[story]

    assert purchase_status(sums, closed, ours=True) == status


@pytest.mark.parametrize("story", STATUSES)
def test_another_platforms_purchase_is_just_that(story: str) -> None:
    sums, closed, _ = STATUSES[story]

    assert purchase_status(sums, closed, ours=False) == "other_platform"


@pytest.mark.parametrize(
    ("ours", "named", "owned"),
    [
        (None, None, True),
        (None, "LEAD", True),
        ("LEAD", None, True),
        ("LEAD", "LEAD", True),
        ("LEAD", "lead", False),
        ("LEAD", "OTHER", False),
        ("", "OTHER", True),
    ],
)
def test_a_payment_that_names_another_platform_is_not_ours(
    ours: str | None, named: str | None, owned: bool
) -> None:
    assert Policy(platform=ours).owns(named) is owned


@pytest.mark.parametrize(
    ("credits", "sums", "revoked"),
    [
        (50, Sums(500), 0),
        (50, Sums(500, refunded=500), 50),
        (50, Sums(500, refunded=250), 25),
        (50, Sums(500, refunded=259), 25),  # 25.9: a started credit stays with the customer
        (50, Sums(500, refunded=9), 0),
        (50, Sums(500, lost=500), 50),
        (50, Sums(500, refunded=250, lost=250), 50),
        (50, Sums(500, refunded=500, lost=500), 50),
        (50, Sums(500, disputed=500), 0),
        (50, Sums(0, refunded=500), 0),
        (50, Sums(None, refunded=500), 0),
        (0, Sums(500, refunded=500), 0),
        (2**53, Sums(3, refunded=2), 2**54 // 3),
    ],
)
def test_credits_go_back_pro_rata_in_the_customers_favour(
    credits: int, sums: Sums, revoked: int
) -> None:
    assert revoked_credits(credits, sums) == revoked


@given(st.integers(0, 10**6), st.integers(1, 10**6), st.integers(0, 10**7), st.integers(0, 10**7))
def test_never_more_credits_go_back_than_were_given(
    credits: int, paid: int, refunded: int, lost: int
) -> None:
    revoked = revoked_credits(credits, Sums(paid, refunded, lost=lost))

    assert 0 <= revoked <= credits
    assert revoked * paid <= credits * (refunded + lost)
    if refunded + lost >= paid:
        assert revoked == credits
