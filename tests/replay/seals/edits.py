"""What somebody with every right might do to stored history, each edit with where it has to show.

An edit changes the database of a small sealed ledger and returns the places of which `verify` has
to name one first.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any, LiteralString, NamedTuple

from msgspec.structs import replace
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from ledger.sealing.merkle import digest
from ledger.sealing.seal import Seal, read_seal, sealed
from ledger.sealing.sheet import Sheet
from ledger.sealing.store import SealStore
from tests.ledger.sealing.given import KEY, NAMES, OTHER_KEY


class Place(NamedTuple):
    """Where an edit has to show first: a position of a log, or one of its seals; and as what."""

    log: str
    position: int | None
    seal: int | None
    problems: frozenset[str]


class Scene(NamedTuple):
    """A database to edit, what it holds, and chance."""

    connection: Connection[Any]
    random: Random
    log: str
    schema: str
    folder: Path | None

    @property
    def sealed(self) -> list[int]:
        """The positions that seals close."""
        return [position for sheet in self.sheets for position, _ in sheet]

    @property
    def sheets(self) -> list[Sheet]:
        stored = SealStore(NAMES.ledger).after(self.connection, self.log, 0)
        return [each.sheet for each in stored if each.sheet]

    @property
    def seals(self) -> list[Seal]:
        stored = SealStore(NAMES.ledger).after(self.connection, self.log, 0)
        return [each for each in (read_seal(each.line) for each in stored) if each]

    def run(self, statement: LiteralString, *values: object) -> None:
        """Executes a statement; `{events}` is the log's table."""
        table = SQL("{}.events").format(Identifier(self.schema))
        self.connection.execute(SQL(statement).format(events=table), values)

    def change(self, assignments: LiteralString, *values: object) -> None:
        """Updates the entry at a position, which is the last of `values`."""
        query = SQL("UPDATE {}.events SET {} WHERE notification_id = %s")
        self.connection.execute(query.format(Identifier(self.schema), SQL(assignments)), values)

    def at(self, position: int, *problems: str) -> Place:
        return Place(self.log, position, None, frozenset(problems))

    def in_seal(self, number: int, *problems: str) -> Place:
        return Place(self.log, None, number, frozenset(problems))

    def put(self, seal: Seal, sheet: Sheet | None = None) -> None:
        """Writes a seal over the one of its number."""
        self.run(
            "UPDATE billing_ledger.seals SET seal = %s, leaves = coalesce(%s, leaves)"
            " WHERE log = %s AND number = %s",
            *(seal.line, sheet.to_bytes() if sheet else None, self.log, seal.number),
        )


Edit = Callable[[Scene], Place]


# ---- entries ----


def flip_a_byte(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.change("state = set_byte(state, 0, get_byte(state, 0) # 4)", position)
    return scene.at(position, "changed")


def flip_a_late_byte(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.change(
        "state = set_byte(state, length(state) - 2, get_byte(state, length(state) - 2) # 1)",
        position,
    )
    return scene.at(position, "changed")


def lengthen(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.change("state = state || %s", b" ", position)
    return scene.at(position, "changed")


def rename_the_topic(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.change("topic = topic || 'x'", position)
    return scene.at(position, "changed")


def give_to_another_stream(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.change("originator_id = 'thing/other'", position)
    return scene.at(position, "changed")


def give_another_version(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.change("originator_version = 7", position)
    return scene.at(position, "changed")


def delete_one(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.run("DELETE FROM {events} WHERE notification_id = %s", position)
    return scene.at(position, "missing")


def delete_some(scene: Scene) -> Place:
    positions = scene.random.sample(scene.sealed, scene.random.randint(2, 9))
    scene.run("DELETE FROM {events} WHERE notification_id = ANY(%b::bigint[])", _array(positions))
    return scene.at(min(positions), "missing")


def truncate(scene: Scene) -> Place:
    scene.run("TRUNCATE {events}")
    return scene.at(min(scene.sealed), "missing")


def cut_the_end_off(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.run("DELETE FROM {events} WHERE notification_id >= %s", position)
    return scene.at(position, "missing")


def swap_two(scene: Scene) -> Place:
    one, other = sorted(scene.random.sample(scene.sealed, 2))
    for origin, place in ((one, 10**9), (other, one), (10**9, other)):
        scene.change("notification_id = %s", place, origin)
    return scene.at(one, "moved")


def swap_two_states(scene: Scene) -> Place:
    one, other = sorted(scene.random.sample(scene.sealed, 2))
    scene.run(
        "UPDATE {events} e SET state = o.state FROM {events} o"
        " WHERE (e.notification_id, o.notification_id) IN ((%s, %s), (%s, %s))",
        *(one, other, other, one),
    )
    return scene.at(one, "changed")


def move_into_the_tail(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.change("notification_id = 1000", position)
    return scene.at(position, "missing")


def move_before_all(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    place = scene.random.choice([0, -1, -(2**63)])
    scene.change("notification_id = %s", place, position)
    return scene.at(place, "moved")


def move_into_a_gap(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.change("notification_id = 11", position)
    return scene.at(min(11, position), "moved")


def resequence(scene: Scene) -> Place:
    """From some place on, all positions are moved up by one, or closed up."""
    position = scene.random.choice(scene.sealed)
    up = scene.random.choice([1, 2, 1000])
    scene.run(
        "UPDATE {events} SET notification_id = -notification_id - %s WHERE notification_id >= %s",
        *(up, position),
    )
    scene.run("UPDATE {events} SET notification_id = -notification_id WHERE notification_id < 0")
    return scene.at(position, "moved", "missing", "changed")


def insert_one(scene: Scene) -> Place:
    place = scene.random.choice([11, 0, -5])
    insert_at(scene, place)
    return scene.at(place, "inserted")


def insert_a_double(scene: Scene) -> Place:
    """A second entry at a position, for which the index has to go."""
    position = scene.random.choice(scene.sealed)
    scene.connection.execute(
        SQL("DROP INDEX {}.events_notification_id_idx").format(Identifier(scene.schema))
    )
    insert_at(scene, position)
    return scene.at(position, "inserted", "changed", "moved")


def insert_at(scene: Scene, position: int) -> None:
    scene.run(
        "INSERT INTO {events} (originator_id, originator_version, topic, state, notification_id)"
        " OVERRIDING SYSTEM VALUE VALUES ('thing/new', 1, 'Thing.Seen', %s, %s)",
        *(b"{}", position),
    )


# ---- seals ----


def delete_a_seal(scene: Scene) -> Place:
    number = scene.random.choice(scene.seals[:-1]).number
    scene.run("DELETE FROM billing_ledger.seals WHERE log = %s AND number = %s", scene.log, number)
    return scene.in_seal(number, "seal_missing")


def flip_a_byte_of_a_seal(scene: Scene) -> Place:
    seal = scene.random.choice(scene.seals)
    line = bytearray(seal.line.encode())
    line[scene.random.randrange(len(line))] ^= scene.random.choice([1, 2, 4])
    scene.run(
        "UPDATE billing_ledger.seals SET seal = %s WHERE log = %s AND number = %s",
        *(line.decode(), scene.log, seal.number),
    )
    return scene.in_seal(seal.number, "seal_unreadable", "signature_wrong")


def flip_a_byte_of_the_leaves(scene: Scene) -> Place:
    seal = scene.random.choice(scene.seals)
    byte = scene.random.randrange(seal.count * 40)
    scene.run(
        "UPDATE billing_ledger.seals SET leaves = set_byte(leaves, %s, get_byte(leaves, %s) # 8)"
        " WHERE log = %s AND number = %s",
        *(byte, byte, scene.log, seal.number),
    )
    return scene.in_seal(seal.number, "leaves_rewritten")


def swap_two_seals(scene: Scene) -> Place:
    one, other = sorted(scene.random.sample(range(1, len(scene.seals) + 1), 2))
    for origin, place in ((one, 99), (other, one), (99, other)):
        scene.run(
            "UPDATE billing_ledger.seals SET number = %s WHERE log = %s AND number = %s",
            *(place, scene.log, origin),
        )
    return scene.in_seal(one, "seal_misplaced")


def rewrite_a_seal_without_the_key(scene: Scene) -> Place:
    """An entry is changed, and with it leaves, root and hash; only nobody can sign that."""
    seal, sheet = rewritten(scene)
    scene.put(replace(seal, root=sheet.root()), sheet)
    return scene.in_seal(seal.number, "signature_wrong")


def rewrite_a_seal_with_another_key(scene: Scene) -> Place:
    seal, sheet = rewritten(scene)
    before = next((each for each in scene.seals if each.number == seal.number - 1), None)
    scene.put(sealed(scene.log, before, sheet, OTHER_KEY, seal.time), sheet)
    return scene.in_seal(seal.number, "key_unknown")


def rewrite_a_seal_with_the_key(scene: Scene) -> Place:
    """The key was stolen: the seal fits, but the next one does not continue it."""
    seal, sheet = rewritten(scene, last=False)
    before = next((each for each in scene.seals if each.number == seal.number - 1), None)
    scene.put(sealed(scene.log, before, sheet, KEY, seal.time), sheet)
    if scene.folder:
        return scene.in_seal(seal.number, "copy_differs")
    return scene.in_seal(seal.number + 1, "chain_broken")


def rewritten(scene: Scene, *, last: bool = True) -> tuple[Seal, Sheet]:
    """Changes an entry; the seal that closes it, and what its sheet would have to be."""
    seal = scene.random.choice(scene.seals if last else scene.seals[:-1])
    sheet = scene.sheets[seal.number - 1]
    index = scene.random.randrange(len(sheet))
    position, _ = sheet.entries[index]
    scene.change("state = '{}', originator_version = 3", position)
    row = scene.connection.execute(
        SQL("SELECT originator_id, topic FROM {}.events WHERE notification_id = %s").format(
            Identifier(scene.schema)
        ),
        [position],
    ).fetchone()
    assert row is not None
    sheet.entries[index] = position, digest(row[0], 3, row[1], b"{}")
    return seal, sheet


# ---- what only copies outside show ----


def rewrite_all_seals_with_the_key(scene: Scene) -> Place:
    """From the changed one on, every seal is made anew."""
    seal, sheet = rewritten(scene)
    before = next((each for each in scene.seals if each.number == seal.number - 1), None)
    for old, closed in list(zip(scene.seals, scene.sheets, strict=True))[seal.number - 1 :]:
        now = sheet if old.number == seal.number else closed
        before = sealed(scene.log, before, now, KEY, old.time)
        scene.put(before, now)
    return scene.in_seal(seal.number, "copy_differs")


def delete_the_last_seals(scene: Scene) -> Place:
    number = scene.random.choice(scene.seals).number
    scene.run("DELETE FROM billing_ledger.seals WHERE log = %s AND number >= %s", scene.log, number)
    return scene.in_seal(number, "seal_missing")


def delete_the_end_and_its_seals(scene: Scene) -> Place:
    seal = scene.random.choice(scene.seals)
    scene.run("DELETE FROM {events} WHERE notification_id >= %s", seal.first)
    scene.run(
        "DELETE FROM billing_ledger.seals WHERE log = %s AND number >= %s", scene.log, seal.number
    )
    return scene.in_seal(seal.number, "seal_missing")


def _array(positions: list[int]) -> str:
    return "{" + ",".join(map(str, positions)) + "}"


EDITS: tuple[Edit, ...] = (
    *(flip_a_byte, flip_a_late_byte, lengthen, rename_the_topic, give_to_another_stream),
    *(give_another_version, delete_one, delete_some, truncate, cut_the_end_off, swap_two),
    *(swap_two_states, move_into_the_tail, move_before_all, move_into_a_gap, resequence),
    *(insert_one, insert_a_double, delete_a_seal, flip_a_byte_of_a_seal),
    *(flip_a_byte_of_the_leaves, swap_two_seals, rewrite_a_seal_without_the_key),
    *(rewrite_a_seal_with_another_key, rewrite_a_seal_with_the_key),
)
SEEN_OUTSIDE: tuple[Edit, ...] = (
    rewrite_all_seals_with_the_key,
    delete_the_last_seals,
    delete_the_end_and_its_seals,
)
"""Of these a database that is all one has says nothing."""
