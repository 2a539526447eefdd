"""The derivation of lots, by vectors and by what must hold for every seed."""

import hashlib
from collections import Counter
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.season.lot import commit_to, draw_lots, lot_key

SEED = bytes(range(32))
IDS = [b"T0001", b"T0002", b"T0003", "陳".encode()]

seeds = st.binary(min_size=32, max_size=32)
id_lists = st.lists(st.binary(max_size=40), max_size=12)


def test_the_vector_of_a_draw():
    keys = {each: hashlib.sha256(b"jiepin/lot/1" + SEED + each).digest() for each in IDS}

    lots = draw_lots(SEED, IDS)

    assert {each: lot_key(SEED, each) for each in IDS} == keys
    assert lots == {each: n for n, each in enumerate(sorted(IDS, key=keys.get), start=1)}
    assert lots == {IDS[3]: 1, b"T0001": 2, b"T0002": 3, b"T0003": 4}


def test_the_vector_of_a_commitment():
    plain = (
        b"jiepin/lots-commitment/1"
        + SEED
        + b"".join(bytes([0, 0, 0, 0, 0, 0, 0, len(each)]) + each for each in sorted(IDS))
    )

    committed = commit_to(SEED, IDS)

    assert committed == hashlib.sha256(plain).digest()
    assert committed.hex() == ("612f41a2ef531560a7157f20fd1121f9dc84e548675abfaeab19e817376a2e5b")


@given(seeds, id_lists, st.randoms(use_true_random=False))
def test_lots_are_a_permutation_that_neither_order_nor_repetition_changes(seed, ids, rng):
    shuffled = [*ids, *ids]
    rng.shuffle(shuffled)

    lots = draw_lots(seed, ids)

    assert list(lots.values()) == list(range(1, len(set(ids)) + 1))
    assert set(lots) == set(ids)
    assert draw_lots(seed, shuffled) == lots
    assert commit_to(seed, shuffled) == commit_to(seed, ids)


@given(seeds, st.sets(st.binary(max_size=40), min_size=1, max_size=12))
def test_who_leaves_changes_nobodys_order_among_the_rest(seed, ids):
    leaves = min(ids)
    order = [each for each in draw_lots(seed, ids) if each != leaves]

    assert list(draw_lots(seed, ids - {leaves})) == order


@given(seeds, st.sets(st.binary(max_size=8), max_size=6), st.binary(max_size=8), seeds)
def test_another_seed_or_another_id_is_another_commitment(seed, ids, more, other):
    committed = commit_to(seed, ids)

    assert (commit_to(seed, ids | {more}) == committed) == (more in ids)
    assert (commit_to(other, ids) == committed) == (other == seed)


def test_ids_that_run_together_are_other_ids():
    assert commit_to(SEED, [b"AB", b"C"]) != commit_to(SEED, [b"A", b"BC"])


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_seed_has_thirty_two_bytes(length):
    with pytest.raises(ValueError, match=r"^seed_length$"):
        draw_lots(bytes(length), IDS)
    with pytest.raises(ValueError, match=r"^seed_length$"):
        commit_to(bytes(length), IDS)


def test_over_many_seeds_every_order_comes_up_about_equally_often():
    """24 orders, 6,000 fixed seeds: the chi-square of 23 degrees stays under its 0.001 point."""
    wanted = 250
    seen = Counter(
        tuple(draw_lots(hashlib.sha256(n.to_bytes(4, "big")).digest(), IDS)) for n in range(6000)
    )

    assert set(seen) == set(permutations(IDS))
    assert sum((count - wanted) ** 2 for count in seen.values()) / wanted < 49.7
