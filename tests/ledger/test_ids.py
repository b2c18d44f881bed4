"""Stream ids are readable, never mix scopes, and can be taken apart again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.ids import Scope, StreamId, parse_stream

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
scopes = st.builds(Scope, st.just("stripe"), st.booleans(), st.one_of(st.just(""), texts))


def test_an_auditor_reads_what_a_stream_is() -> None:
    assert Scope("stripe", livemode=True).stream("purchase", "pi_1") == "purchase/stripe/live//pi_1"
    assert (
        Scope("stripe", livemode=False, account="acct_9").stream("wallet", "ann@example.org")
        == "wallet/stripe/test/acct_9/ann@example.org"
    )


@given(scopes, texts)
def test_a_stream_id_is_taken_apart_into_what_it_was_made_of(scope: Scope, key: str) -> None:
    assert parse_stream(scope.stream("wallet", key)) == StreamId("wallet", scope, key)


@given(scopes, texts, scopes, texts)
def test_different_facts_never_share_a_stream(
    scope: Scope, key: str, other_scope: Scope, other_key: str
) -> None:
    same = (scope, key) == (other_scope, other_key)

    assert (scope.stream("customer", key) == other_scope.stream("customer", other_key)) == same


@pytest.mark.parametrize(
    "text", ["", "wallet", "a/b/live/c", "a/b/live/c/d/e", "a/b/staging//key", "bookkeeping/1-2"]
)
def test_any_other_text_is_no_stream_id(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any sentence will do
        parse_stream(text)
