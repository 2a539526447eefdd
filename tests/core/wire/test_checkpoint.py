"""The tree over the log (RFC 6962 §2.1), built entry by entry."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wire.checkpoint import LogTree


def root_of(leaves):
    """As the RFC defines it: split at the largest power of two below the size."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    both = root_of(leaves[:split]) + root_of(leaves[split:])
    return hashlib.sha256(b"\x01" + both).digest()


def grown(leaves):
    tree = LogTree()
    for leaf in leaves:
        tree.append(leaf)
    return tree


@pytest.mark.parametrize("size", [*range(20), 31, 32, 33, 127, 128, 129])
def test_the_root_is_that_of_the_definition(size):
    leaves = [number.to_bytes(32, "big") for number in range(size)]

    tree = grown(leaves)

    assert (tree.size, tree.root()) == (size, root_of(leaves))


@given(st.lists(st.binary(min_size=32, max_size=32), min_size=2, max_size=40), st.data())
def test_another_order_is_another_tree(leaves, data):
    shuffled = data.draw(st.permutations(leaves))

    same = grown(leaves).root() == grown(shuffled).root()

    assert same == (leaves == shuffled)
