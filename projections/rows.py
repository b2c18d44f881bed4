"""One declaration of a row gives its SQL types, its comments and its canonical form."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from psycopg.sql import SQL


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row of a projection: fields in the order of the columns, each `Annotated` with its comment.

    Values are text, numbers, times and tuples of text, which hold no cycles: so the garbage
    collector need not look at the millions of rows a rebuild keeps.
    """


class Column(msgspec.Struct, frozen=True):
    """A field of a row as SQL sees it."""

    name: str
    sql_type: str  # text, bigint, boolean, timestamptz or text[]
    nullable: bool
    comment: str

    @property
    def is_array(self) -> bool:
        return self.sql_type.endswith("[]")

    @property
    def definition(self) -> SQL:
        """Type and constraint, as in CREATE TABLE."""
        return SQL(self.sql_type if self.nullable else f"{self.sql_type} NOT NULL")


class NotAColumn(TypeError):
    """A field of a row is declared in a way no column can be made of."""

    def __init__(self, row: type[Row], name: str) -> None:
        super().__init__(
            f"{row.__name__}.{name} has to be Annotated[TYPE, Meta(description=...)] with one of "
            f"the types {', '.join(str(each) for each in _SQL_TYPES)}, or None besides it"
        )


@cache
def columns(row: type[Row]) -> tuple[Column, ...]:
    """The columns of a row, in order. Raises NotAColumn for a field without type or comment."""
    hints = get_type_hints(row, include_extras=True)
    return tuple(_column(row, name, hints[name]) for name in row.__struct_fields__)


def _column(row: type[Row], name: str, hint: Any) -> Column:
    if get_origin(hint) is not Annotated:
        raise NotAColumn(row, name)
    declared, *notes = get_args(hint)
    comment = next((n.description for n in notes if isinstance(n, msgspec.Meta)), None)
    value, nullable = _without_none(declared)
    if value not in _SQL_TYPES or not comment:
        raise NotAColumn(row, name)
    return Column(name, _SQL_TYPES[value], nullable, comment)


def _without_none(declared: Any) -> tuple[Any, bool]:
    if get_origin(declared) not in (UnionType, Union):
        return declared, False
    rest = [each for each in get_args(declared) if each is not NoneType]
    return (rest[0] if len(rest) == 1 else declared), True


_SQL_TYPES: dict[Any, str] = {
    str: "text",
    int: "bigint",
    bool: "boolean",
    datetime: "timestamptz",
    tuple[str, ...]: "text[]",
}
