"""Among a right placement and its neighbours the checkers accept exactly the right one."""

import copy

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.matcher.corruptions import KINDS, Case
from tests.matcher.spoiling import by_check, by_verifier, right_result

UNREADABLE = {"unknown_teacher", "unknown_phase", "wrong_phase", "wrong_kind", "unasked_move"}
"""After these no further damage can be drawn: it would ask for people or phases there are not."""
VERIFIER = by_verifier()


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    rng=st.randoms(use_true_random=False),
    steps=st.lists(st.sampled_from(sorted(KINDS.keys() - UNREADABLE)), max_size=3),
    last=st.sampled_from(sorted(KINDS)) | st.none(),
)
def test_of_a_placement_and_its_neighbours_exactly_the_right_one_is_accepted(
    seed, rng, steps, last
):
    right = right_result(seed)
    placement = copy.deepcopy(right.placement)
    for step in [*steps, *([last] if last else [])]:
        damage, _ = KINDS[step]
        if all(component["moves"] for component in placement["components"]):
            placement = damage(Case(rng, right.problem, placement)) or placement
    if not all(component["moves"] for component in placement["components"]):
        return  # the reader refuses empty components; nothing is left to judge

    is_right = placement == right.placement

    assert (by_check(right, placement) == set()) == is_right
    assert (VERIFIER(right, placement) == set()) == is_right
