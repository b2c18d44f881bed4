"""What somebody with every right might do to stored seals, with their key and without it."""

from __future__ import annotations

from msgspec.structs import replace
from psycopg.sql import SQL, Identifier

from ledger.sealing.merkle import digest
from ledger.sealing.seal import Seal, sealed
from ledger.sealing.sheet import Sheet
from tests.ledger.sealing.given import KEY, OTHER_KEY
from tests.replay.seals.scene import Edit, Place, Scene


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


def add_a_seal_far_away(scene: Scene) -> Place:
    scene.run(
        "INSERT INTO billing_ledger.seals SELECT log, %s, seal, leaves FROM billing_ledger.seals"
        " WHERE log = %s AND number = 1",
        *(scene.random.choice([7, 10**15]), scene.log),
    )
    return scene.in_seal(6, "seal_missing")


def empty_a_seal(scene: Scene) -> Place:
    number = scene.random.choice(scene.seals).number
    scene.run("ALTER TABLE billing_ledger.seals ALTER seal DROP NOT NULL")
    scene.run(
        "UPDATE billing_ledger.seals SET seal = NULL WHERE log = %s AND number = %s",
        *(scene.log, number),
    )
    return scene.in_seal(number, "seal_unreadable")


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


EDITS_OF_SEALS: tuple[Edit, ...] = (
    *(
        add_a_seal_far_away,
        empty_a_seal,
        delete_a_seal,
        flip_a_byte_of_a_seal,
        flip_a_byte_of_the_leaves,
        swap_two_seals,
    ),
    *(rewrite_a_seal_without_the_key, rewrite_a_seal_with_another_key),
    rewrite_a_seal_with_the_key,
)
SEEN_OUTSIDE: tuple[Edit, ...] = (
    rewrite_all_seals_with_the_key,
    delete_the_last_seals,
    delete_the_end_and_its_seals,
)
"""Of these a database that is all one has says nothing."""
