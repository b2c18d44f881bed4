"""One declaration of a row: what columns come of it, and what no column can be made of."""

from datetime import datetime
from typing import Annotated

import pytest
from msgspec import Meta

from ledger.ids import Scope, parse_stream
from projections.common import place
from projections.registry import PROJECTIONS
from projections.rows import Column, NotAColumn, Row, columns


class Sample(Row, frozen=True):
    number: Annotated[int, Meta(description="A number.")]
    at: Annotated[datetime | None, Meta(description="A time.")]
    words: Annotated[tuple[str, ...], Meta(description="Words.")] = ()


class Bare(Row, frozen=True):
    number: int


class Silent(Row, frozen=True):
    number: Annotated[int, Meta(ge=0)]


class Float(Row, frozen=True):
    amount: Annotated[float, Meta(description="Money is no float.")]


def test_a_field_gives_type_comment_and_whether_it_may_be_null() -> None:
    assert columns(Sample) == (
        Column("number", "bigint", False, "A number."),
        Column("at", "timestamptz", True, "A time."),
        Column("words", "text[]", False, "Words."),
    )


@pytest.mark.parametrize("row", [Bare, Silent, Float])
def test_a_field_without_a_type_sql_has_or_a_comment_is_refused(row: type[Row]) -> None:
    with pytest.raises(NotAColumn, match=row.__name__):
        columns(row)


def test_every_table_has_its_own_name_and_a_key_of_its_columns() -> None:
    assert len({each.name for each in PROJECTIONS}) == len(PROJECTIONS)
    for each in PROJECTIONS:
        names = {column.name for column in each.columns}
        indexed = {name for index in each.indexes for name in index}
        named = {*each.key, *each.private, *each.arrival_decides, *each.in_any_case}
        assert named | indexed <= names


@pytest.mark.parametrize("key", ["pi_1", "a/b", "é %/", ""])
@pytest.mark.parametrize("account", ["", "acct_9", "a/b"])
def test_a_stream_is_taken_apart_as_the_ledger_does(account: str, key: str) -> None:
    stream = Scope("stripe", True, account).stream("purchase", key)
    parsed = parse_stream(stream)

    assert place(stream) == (parsed.category, parsed.scope.account, parsed.key)
