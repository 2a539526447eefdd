"""Proofs of inclusion: every entry has one, nothing else has, and the root is the checkpoint's."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.wire.checkpoint import LogTree
from core.wire.inclusion import ProofTree, root_of_path


def entries(count):
    return [hashlib.sha256(bytes((number >> 8, number & 255))).digest() for number in range(count)]


@pytest.mark.parametrize("size", [*range(1, 70), 127, 128, 129, 255, 256, 257])
def test_every_entry_of_a_log_of_any_size_has_a_path_to_its_root(size):
    hashes = entries(size)
    tree, checkpoint = ProofTree(hashes), LogTree()
    for each in hashes:
        checkpoint.append(each)

    assert tree.root() == checkpoint.root()
    for index, each in enumerate(hashes):
        path = tree.path(index)
        assert len(path) <= size.bit_length()
        assert root_of_path(each, index, size, path) == tree.root()


def test_the_empty_log_has_the_root_of_nothing():
    assert ProofTree([]).root() == LogTree().root() == hashlib.sha256().digest()


@given(st.integers(2, 60), st.data())
def test_no_other_entry_place_size_or_path_leads_to_the_root(size, data):
    hashes = entries(size)
    tree = ProofTree(hashes)
    index = data.draw(st.integers(0, size - 1))
    path = tree.path(index)
    other = data.draw(st.integers(0, size - 1).filter(lambda each: each != index))
    turned = data.draw(st.integers(0, len(path) - 1))
    bit = bytes((path[turned][0] ^ 1,)) + path[turned][1:]

    assert root_of_path(hashes[other], index, size, path) != tree.root()
    assert root_of_path(hashes[index], other, size, path) != tree.root()
    assert root_of_path(hashes[index], index, size, path[:-1]) != tree.root()
    assert root_of_path(hashes[index], index, size, (*path, path[0])) != tree.root()
    changed = (*path[:turned], bit, *path[turned + 1 :])
    assert root_of_path(hashes[index], index, size, changed) != tree.root()


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0), (1, 1), (2, 2)])
def test_a_place_outside_the_log_has_no_proof(index, size):
    assert root_of_path(bytes(32), index, size, ()) is None
    with pytest.raises(ValueError, match="no such entry"):
        ProofTree(entries(size)).path(index)
