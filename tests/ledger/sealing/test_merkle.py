"""Roots and paths are those of RFC 6962, and a path leads from no other entry to the root."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given, settings
from hypothesis import strategies as st

from ledger.sealing.merkle import climbed, digest, leaf, path, root, tree

LEAVES = [leaf(n, digest(f"s/{n}", 1, "T", b"x")) for n in range(70)]


def by_the_book(leaves: list[bytes]) -> bytes:
    """The definition of RFC 6962, section 2.1, as it stands there."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while 2 * k < len(leaves):
        k *= 2
    return sha256(b"\x01" + by_the_book(leaves[:k]) + by_the_book(leaves[k:])).digest()


def test_roots_are_those_of_the_rfc() -> None:
    for count in range(1, len(LEAVES) + 1):
        assert root(LEAVES[:count]) == by_the_book(LEAVES[:count])


@settings(max_examples=100)
@given(st.integers(1, 70), st.data())
def test_a_path_leads_to_the_root_from_its_own_leaf_and_place_only(
    count: int, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, count - 1))
    other = data.draw(st.integers(0, count - 1))
    leaves = LEAVES[:count]
    beside = path(tree(leaves), index)

    assert climbed(leaves[index], index, count, beside) == root(leaves)
    assert (climbed(leaves[other], index, count, beside) == root(leaves)) == (other == index)
    assert climbed(leaves[index], index, count, [*beside, root(leaves)]) is None
    if beside:
        assert climbed(leaves[index], index, count, beside[:-1]) is None


def test_an_entry_is_bound_to_every_one_of_its_parts() -> None:
    parts = [
        ("a", 1, "T", b"x"),
        ("b", 1, "T", b"x"),
        ("a", 2, "T", b"x"),
        ("a", 1, "U", b"x"),
        ("a", 1, "T", b"y"),
        ("aT", 1, "", b"x"),
        ("a", 1, "Tx", b""),
    ]

    assert len({digest(*each) for each in parts}) == len(parts)
    assert leaf(1, digest(*parts[0])) != leaf(2, digest(*parts[0]))
