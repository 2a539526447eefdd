"""The input root and the lots drawn from it: vectors, and what anyone may rely on."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from server.season.lot import alias_of, draw_lots
from server.season.merkle import merkle_root

hashes = st.lists(st.binary(min_size=32, max_size=32), max_size=40)


def leaf(data):
    return hashlib.sha256(b"\x00" + data).digest()


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def test_the_root_of_nothing_is_the_hash_of_nothing():
    assert merkle_root([]).hex() == (
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    )


def test_the_root_of_one_entry_is_its_leaf():
    assert merkle_root([bytes(32)]) == leaf(bytes(32))


def test_three_and_five_entries_split_at_the_power_of_two_below():
    a, b, c, d, e = (bytes([n]) * 32 for n in range(5))
    left = node(node(leaf(a), leaf(b)), node(leaf(c), leaf(d)))

    assert merkle_root([c, a, b]) == node(node(leaf(a), leaf(b)), leaf(c))
    assert merkle_root([a, b, c, d, e]) == node(left, leaf(e))


def test_the_vector_of_rfc_6962_holds():
    # Test vectors of certificate-transparency's reference implementation; sorted, they are these.
    entries = [b"", b"\x00"]

    assert merkle_root(entries).hex() == (
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
    )


@given(hashes)
def test_order_and_repetition_do_not_change_the_root(entries):
    assert merkle_root([*entries[::-1], *entries]) == merkle_root(entries)


@given(hashes, st.binary(min_size=32, max_size=32))
def test_any_other_set_has_another_root(entries, more):
    if more not in entries:
        assert merkle_root([*entries, more]) != merkle_root(entries)


@given(hashes, st.binary(min_size=32, max_size=32))
def test_lots_are_a_permutation_that_anyone_can_draw_again(entries, root):
    lots = draw_lots(root, entries)

    assert sorted(lots.values()) == list(range(1, len(set(entries)) + 1))
    assert draw_lots(root, reversed(entries)) == lots


def test_lots_are_as_documented():
    root = bytes(32)
    entries = [bytes([n]) * 32 for n in range(4)]

    order = sorted(entries, key=lambda e: hashlib.sha256(b"jiepin/lot/1" + root + e).digest())

    assert draw_lots(root, entries) == {entry: n for n, entry in enumerate(order, start=1)}


def test_aliases_have_four_digits_or_more():
    assert [alias_of(lot) for lot in (1, 417, 12345)] == ["T0001", "T0417", "T12345"]
