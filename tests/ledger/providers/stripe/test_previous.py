"""How an object stood before, put together from what changed."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.providers.stripe.previous import before

CASES: dict[str, tuple[Any, Any, Any]] = {
    "a value": ({"a": 1, "b": 2}, {"a": 0}, {"a": 0, "b": 2}),
    "a value that was missing": ({"a": 1}, {"a": None}, {"a": None}),
    "a value that is gone": ({"a": 1}, {"b": 2}, {"a": 1, "b": 2}),
    "nothing": ({"a": 1}, {}, {"a": 1}),
    "a nested value": ({"m": {"x": 1, "y": 2}}, {"m": {"x": 0}}, {"m": {"x": 0, "y": 2}}),
    "an object that was null": ({"m": {"x": 1}}, {"m": None}, {"m": None}),
    "an object that was something else": ({"m": {"x": 1}}, {"m": "id"}, {"m": "id"}),
    "a list of the same length, whole": (
        {"l": [{"a": 1, "b": 1}]},
        {"l": [{"a": 0, "b": 0}]},
        {"l": [{"a": 0, "b": 0}]},
    ),
    "a list of the same length, in part": (
        {"l": [{"a": 1, "b": 1}, {"a": 2, "b": 2}]},
        {"l": [{"a": 0}, {}]},
        {"l": [{"a": 0, "b": 1}, {"a": 2, "b": 2}]},
    ),
    "a list that was longer": ({"l": [{"a": 1}]}, {"l": [{"a": 1}, 2]}, {"l": [{"a": 1}, 2]}),
    "a list that was empty": ({"l": [{"a": 1}]}, {"l": []}, {"l": []}),
}


@pytest.mark.parametrize("story", CASES)
def test_old_values_are_put_back(story: str) -> None:
    now, previous, then = CASES[story]
    untouched = deepcopy((now, previous))

    assert before(now, previous) == then
    assert (now, previous) == untouched


values = st.recursive(
    st.none() | st.integers(0, 9) | st.text(max_size=2),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(
    st.dictionaries(st.sampled_from("abc"), values), st.dictionaries(st.text(max_size=1), values)
)
def test_any_change_can_be_put_back_and_back_again(now: Any, previous: Any) -> None:
    untouched = deepcopy((now, previous))

    then = before(now, previous)

    assert before(then, previous) == then
    assert set(then) == set(now) | set(previous)
    assert (now, previous) == untouched
