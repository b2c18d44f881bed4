"""A Stripe that fails, lists nothing or half of it changes nobody, however large the ledger is."""

from __future__ import annotations

import click
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.errors import LedgerError
from ledger.providers.problems import ProviderUnavailable
from ledger.providers.stripe.inventory import LISTINGS
from replay.reconcile.approving import TooManyDifferences, approve
from replay.reconcile.differences import EmptyAnswer, NoneOfOurs
from tests.replay.reconcile.given import (
    Books,
    Door,
    Lie,
    Stripe,
    breaks,
    business,
    compared,
    empty,
    half,
    repaired,
)

SIZES = st.integers(1, 130)
SOME = st.sets(st.sampled_from(sorted(LISTINGS)), min_size=1)
LIES = st.dictionaries(
    st.sampled_from(sorted(LISTINGS)), st.sampled_from([empty, half, breaks]), min_size=1
)
APPROVED = st.sampled_from(["not asked for", "nobody to ask", "by its number"])


def run(stripe: Stripe, books: Books, approved: str, door: Door) -> None:
    """As the command does, with --repair and --yes or without."""
    found = compared(stripe, books)
    if approved != "not asked for" and found.differences:
        approve(found, len(found.differences) if approved == "by its number" else None, True)
        repaired(found, stripe, door)


@settings(max_examples=30)
@given(size=SIZES, lists=SOME)
def test_an_empty_list_is_never_a_difference(size: int, lists: set[str]) -> None:
    stripe = Stripe(business(size), dict.fromkeys(lists, empty))

    with pytest.raises(EmptyAnswer) as refused:
        compared(stripe, Books(stripe))

    assert refused.value.rows == size


@settings(max_examples=30)
@given(size=SIZES, lists=SOME)
def test_an_error_is_never_a_difference(size: int, lists: set[str]) -> None:
    stripe = Stripe(business(size), dict.fromkeys(lists, breaks))

    with pytest.raises(ProviderUnavailable):
        compared(stripe, Books(stripe))


@pytest.mark.parametrize("list_", sorted(LISTINGS))
def test_a_list_of_strangers_is_another_accounts(list_: str) -> None:
    ours, theirs = business(24), business(12)[list_]
    books = Books(Stripe({**ours, list_: ours[list_][12:]}))

    with pytest.raises(NoneOfOurs):
        compared(Stripe({**ours, list_: theirs}), books)


@settings(max_examples=60)
@given(size=SIZES, lies=LIES, approved=APPROVED)
def test_whatever_it_lies_nothing_comes_in_but_what_it_says_of_a_thing_by_its_id(
    size: int, lies: dict[str, Lie], approved: str
) -> None:
    stripe, door = Stripe(business(size), lies), Door()

    try:
        run(stripe, Books(stripe), approved, door)
    except (LedgerError, click.UsageError):
        assert door.kept == []

    assert all(each in stripe.deliveries for each in door.kept)
    assert approved == "by its number" or not door.kept


@settings(max_examples=30)
@given(size=st.integers(2, 130), list_=st.sampled_from(sorted(LISTINGS)))
def test_what_is_neither_listed_nor_there_stays_as_it_is(size: int, list_: str) -> None:
    everything = business(size)
    books = Books(Stripe(everything))
    stripe, door = Stripe({**everything, list_: everything[list_][:1]}), Door()

    found = compared(stripe, books)
    repair = repaired(found, stripe, door)

    assert {each.what for each in found.differences} == {"not_listed"}
    assert door.kept == []
    assert set(repair.done.gone) <= {each["id"] for each in everything[list_]}


@pytest.mark.parametrize(
    ("size", "wrong", "stops"),
    [(2, 1, True), (3, 1, False), (3, 2, True), (23, 10, False), (23, 11, True), (400, 11, True)],
)
def test_more_than_ten_or_five_in_a_hundred_rows_stop_by_themselves(
    size: int, wrong: int, stops: bool
) -> None:
    stripe = Stripe(business(size))
    other = {("customers", f"cus_{n}"): {"name": "Other"} for n in range(min(wrong, size))}
    found = compared(stripe, Books(stripe, other))
    assert (len(found.differences), found.compared) == (wrong, 9 * size)

    stopped = pytest.raises(TooManyDifferences if stops else click.UsageError)
    with stopped:
        approve(found, None, as_json=True)
