"""`billing as-of` and `billing diff`: tables as they were, and what came between."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import click

from replay.as_of import TABLES, AsOf, shown_at
from replay.cut import Cut, effective_at, known_at, known_by, known_with
from replay.diff import Diff, diff
from replay.history import UnknownSubject
from replay.moments import HISTORICAL, Delivered, Moment
from replay.past import Past
from replay.terminal import account, answer, as_json, asking, count, progress, row, value
from replay.whose import Whose

table_argument = click.argument("table", metavar="TABLE", type=click.Choice(sorted(TABLES)))
key_argument = click.argument("key", nargs=-1)
effective_option = click.option(
    "--effective", is_flag=True, help="By the provider's time of what we know now."
)


@click.command("as-of")
@click.argument("moment", metavar="MOMENT", type=HISTORICAL)
@table_argument
@key_argument
@effective_option
@account
@as_json
def as_of(
    moment: Moment | Delivered,
    table: str,
    key: tuple[str, ...],
    effective: bool,
    account: str,
    as_json: bool,
) -> None:
    """Show TABLE as it was known at MOMENT, or as --effective by then; KEY takes rows with it.

    MOMENT is a day (its end), a time, @POSITION, now, evt_... (when that delivery had been worked
    off) or before:evt_... TABLE is one finance sees, such as entitlements. KEY is an id as it
    stands in the table; of several words, such as a customer and a feature, all have to.
    """
    with asking(account) as (past, whose):
        cut = _cut(past, whose, moment, effective)
        with progress("folding", past.ledger.head()) as report:
            (rows,) = shown_at(past, whose, TABLES[table], [cut], key, report)
    position = None if effective else cut.position
    found = AsOf(table, cut.moment, position, effective, list(rows.values()))
    answer(as_json, found, _as_of_lines(found))


@click.command("diff")
@click.argument("before", metavar="BEFORE", type=HISTORICAL)
@click.argument("after", metavar="AFTER", type=HISTORICAL)
@table_argument
@key_argument
@effective_option
@account
@as_json
def diff_command(
    before: Moment | Delivered,
    after: Moment | Delivered,
    table: str,
    key: tuple[str, ...],
    **given: bool | str,
) -> None:
    """Show what differs in TABLE between two moments: rows added, gone and changed.

    Moments, TABLE and KEY are as in `billing as-of`.
    """
    with asking(str(given["account"])) as (past, whose):
        cuts = [_cut(past, whose, each, bool(given["effective"])) for each in (before, after)]
        with progress("folding", past.ledger.head()) as report:
            old, new = shown_at(past, whose, TABLES[table], cuts, key, report)
    found = diff(table, old, new)
    answer(bool(given["as_json"]), found, _diff_lines(found))


def _cut(past: Past, whose: Whose, moment: Moment | Delivered, effective: bool) -> Cut:
    """Raises UnknownSubject, NotWorkedOff."""
    if isinstance(moment, datetime):
        return (effective_at if effective else known_at)(past, moment)
    if effective:
        raise click.UsageError("--effective needs a time: a position says when we knew")
    if isinstance(moment, int):
        return known_by(past, moment)
    delivery = whose.delivery(moment.delivery)
    if delivery is None:
        raise UnknownSubject(moment.delivery, "delivery")
    return known_with(past, delivery, moment.before)


def _as_of_lines(found: AsOf) -> Iterator[str]:
    how = "effective by" if found.effective else f"known at position {found.position},"
    yield f"{found.table} {how} {value(found.moment)}: {count(found.rows)}"
    yield from (f"  {row(each)}" for each in found.rows)


def _diff_lines(found: Diff) -> Iterator[str]:
    yield (
        f"{found.table}: {len(found.added)} added, {len(found.gone)} gone,"
        f" {len(found.changed)} changed"
    )
    yield from (f"  added: {row(each)}" for each in found.added)
    yield from (f"  gone: {row(each)}" for each in found.gone)
    for each in found.changed:
        key = each.key if isinstance(each.key, str) else " ".join(each.key)
        fields = each.columns.items()
        pairs = (f"{name} {value(old)} -> {value(new)}" for name, (old, new) in fields)
        yield f"  changed: {key}: {', '.join(pairs)}"
