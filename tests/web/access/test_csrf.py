"""Only pages of the same visit know the word of its forms."""

from __future__ import annotations

import pytest

from web.access.csrf import Csrf
from web.access.problems import ForeignForm


def test_the_word_of_a_visit_is_taken_for_that_visit_only() -> None:
    csrf = Csrf(["secret one"])
    csrf.check("visit", csrf.word("visit"))
    for given in ("", "ü", csrf.word("another visit"), csrf.word("visit").upper()):
        with pytest.raises(ForeignForm):
            csrf.check("visit", given)


def test_a_secret_that_is_rolled_is_taken_until_it_is_gone() -> None:
    before = Csrf(["one"]).word("visit")
    Csrf(["two", "one"]).check("visit", before)
    with pytest.raises(ForeignForm):
        Csrf(["two"]).check("visit", before)
