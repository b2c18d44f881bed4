"""Money is whole minor units of one currency, and never negative."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.errors import CurrencyMismatch, InvalidMoney, Refusal, UnknownCurrency
from ledger.money import MAX_MINOR, MINOR_DIGITS, Money

amounts = st.integers(0, 2**40)


@pytest.mark.parametrize("minor", [1.0, True, False, "5", None, -1, MAX_MINOR + 1])
def test_what_is_no_whole_amount_is_refused(minor: Any) -> None:
    with pytest.raises(InvalidMoney, match="not an amount"):
        Money(minor, "usd")


@pytest.mark.parametrize("minor", [0, 1, MAX_MINOR])
def test_the_bounds_themselves_are_amounts(minor: int) -> None:
    assert Money(minor, "usd").minor == minor


@pytest.mark.parametrize("currency", ["USD", "", "xxx", "us", "btc", "usd "])
def test_a_currency_not_in_use_is_refused(currency: str) -> None:
    with pytest.raises(UnknownCurrency, match="not a currency"):
        Money(1, currency)


@given(amounts, amounts)
def test_sums_and_differences_are_exact(one: int, other: int) -> None:
    total = Money(one, "eur") + Money(other, "eur")

    assert total == Money(one + other, "eur")
    assert total - Money(other, "eur") == Money(one, "eur")


def test_a_difference_below_zero_is_refused() -> None:
    with pytest.raises(InvalidMoney):
        Money(1, "usd") - Money(2, "usd")


def test_a_sum_that_no_column_can_hold_is_refused() -> None:
    with pytest.raises(InvalidMoney):
        Money(MAX_MINOR, "usd") + Money(1, "usd")


def test_currencies_never_mix() -> None:
    one, other = Money(1, "usd"), Money(1, "eur")

    for mix in (Money.__add__, Money.__sub__):
        with pytest.raises(CurrencyMismatch, match="usd and eur"):
            mix(one, other)


def test_every_refusal_of_money_is_data_and_no_bug() -> None:
    assert all(issubclass(e, Refusal) for e in (InvalidMoney, UnknownCurrency, CurrencyMismatch))


@pytest.mark.parametrize(
    ("money", "text"),
    [
        (Money(1000, "usd"), "10.00 USD"),
        (Money(5, "usd"), "0.05 USD"),
        (Money(500, "jpy"), "500 JPY"),
        (Money(5120, "kwd"), "5.120 KWD"),
        (Money(0, "eur"), "0.00 EUR"),
    ],
)
def test_money_reads_with_its_currencys_digits(money: Money, text: str) -> None:
    assert str(money) == text


def test_digits_are_those_of_the_providers_amounts() -> None:
    no_digits = "bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf"
    still_two_digits = "isk ugx"  # without decimals, but sent with two as they used to be

    assert {MINOR_DIGITS[each] for each in no_digits.split()} == {0}
    assert {MINOR_DIGITS[each] for each in still_two_digits.split()} == {2}
