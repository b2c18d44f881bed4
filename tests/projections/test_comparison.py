"""Comparison: what came, went and changed between two sets of rows, told in a few lines."""

from projections.balances import BALANCES, Balance
from projections.comparison import SAMPLES, compare, narrowed, narrowed_rows
from projections.engine import Rows
from projections.wording import described


def balance(stream: str, spent: int = 0) -> Balance:
    return Balance(stream, stream, "", 9, spent, 0, 9 - spent, 0)


def test_equal_rows_do_not_differ() -> None:
    difference = compare(BALANCES, [balance("a")], {"a": balance("a")})

    assert difference.is_empty
    assert list(described(difference)) == ["balances               1 rows, same"]


def test_what_differs_is_counted_and_shown() -> None:
    after: Rows = {"b": balance("b", 2), "c": balance("c")}

    difference = compare(BALANCES, [balance("a"), balance("b")], after)

    assert list(described(difference)) == [
        "balances               2 rows, 1 added, 1 gone, 1 changed",
        "  gone: a",
        "  changed: b: spent 0 -> 2, available 9 -> 7",
        "  added: c",
    ]


def test_of_many_differences_the_first_few_are_shown() -> None:
    after: Rows = {str(n): balance(str(n)) for n in range(100)}

    difference = compare(BALANCES, [], after)

    assert (difference.added, len(difference.samples["added"])) == (100, SAMPLES)


def test_columns_only_one_release_has_are_not_compared() -> None:
    shared = narrowed(BALANCES, ["stream", "granted", "of_yesterday"])

    (row,) = narrowed_rows(shared, {"a": balance("a", 5)}).values()

    assert row.__struct_fields__ == ("stream", "granted")
    assert compare(shared, [row], narrowed_rows(shared, {"a": balance("a")})).is_empty
