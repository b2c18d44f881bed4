"""What somebody with every right might do to stored entries.

An edit changes a small sealed ledger and returns the place that `verify` has to name first.
"""

from __future__ import annotations

from psycopg.sql import SQL, Identifier

from tests.replay.seals.scene import Edit, Place, Scene


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


def empty_one(scene: Scene) -> Place:
    position = scene.random.choice(scene.sealed)
    scene.run("ALTER TABLE {events} ALTER state DROP NOT NULL")
    scene.change("state = NULL", position)
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


def _array(positions: list[int]) -> str:
    return "{" + ",".join(map(str, positions)) + "}"


EDITS_OF_ENTRIES: tuple[Edit, ...] = (
    *(flip_a_byte, flip_a_late_byte, lengthen, rename_the_topic, give_to_another_stream),
    *(
        give_another_version,
        empty_one,
        delete_one,
        delete_some,
        truncate,
        cut_the_end_off,
        swap_two,
    ),
    *(swap_two_states, move_into_the_tail, move_before_all, move_into_a_gap, resequence),
    *(insert_one, insert_a_double),
)
