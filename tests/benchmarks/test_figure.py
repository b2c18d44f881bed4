"""Figures: medians of rounds held against goals, and contenders that take turns."""

from collections.abc import Callable

import pytest

from benchmarks.figure import Figure, interleaved, ratios


@pytest.mark.parametrize(
    ("figure", "line"),
    [
        (Figure("rate", (0.9, 1.1, 1.2), 1.0), "rate | 1.10 x | >= 1.00 x | met"),
        (Figure("rate", (0.9, 0.95, 1.2), 1.0), "rate | 0.95 x | >= 1.00 x | short"),
        (Figure("p99", (90.0,), 100.0, "ms", at_most=True), "p99 | 90.0 ms | <= 100 ms | met"),
        (Figure("p99", (110.0,), 100.0, "ms", at_most=True), "p99 | 110 ms | <= 100 ms | short"),
        (Figure("rate", (1234.5,), unit="/s"), "rate | 1,234 /s | none | told"),
    ],
)
def test_a_figure_is_one_line_with_its_goal_and_verdict(figure: Figure, line: str) -> None:
    assert figure.line == line


def test_contenders_run_once_a_round_in_turning_order_and_the_first_round_is_not_kept() -> None:
    order: list[tuple[str, int]] = []

    def contender(name: str) -> Callable[[int], str]:
        def run(number: int) -> str:
            order.append((name, number))
            return f"{name}{number}"

        return run

    found = interleaved({"a": contender("a"), "b": contender("b")}, rounds=2)

    assert order == [("a", 0), ("b", 0), ("b", 1), ("a", 1), ("a", 2), ("b", 2)]
    assert found == {"a": ["a1", "a2"], "b": ["b1", "b2"]}


def test_ratios_are_taken_round_by_round() -> None:
    assert ratios([2.0, 9.0], [1.0, 3.0]) == (2.0, 3.0)
