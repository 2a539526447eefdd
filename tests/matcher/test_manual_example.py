"""The worked example of the operating manual (F-072 to F-074): 原民調 looks at 原民校 only."""

import pytest

from matcher.checking.check import check
from matcher.deciding.solve import solve
from matcher.files.problem import problem_from_document
from tests.matcher.markets import problem, school, teacher, vacancy

ORDINARY = [school(f"S{n}") for n in range(1, 6)]
INDIGENOUS = [school(f"S{n}", "14", "indigenous") for n in (6, 7, 8)]
WISHES = [f"S{n}" for n in range(1, 9)]


def season(*, applies):
    """Wishes 1 to 5 are ordinary, 6 to 8 are 原民校; at the sixth somebody is ahead of her."""
    return problem(
        [*ORDINARY, *INDIGENOUS, school("S0", "01")],
        [
            teacher(
                "T1",
                "S0",
                *WISHES,
                points={"13": 3000, "14": 3000},
                tie=[0] * 5,
                indigenous=applies,
            ),
            teacher("T2", "S0", "S6", points={"14": 4000}, tie=[0] * 5, indigenous=True),
        ],
        vacancies=[vacancy("S1"), vacancy("S6"), vacancy("S7"), vacancy("S8")],
    )


@pytest.mark.parametrize(
    ("applies", "phase", "wish"), [(True, "indigenous", 7), (False, "single", 1)]
)
def test_who_applies_is_placed_by_the_sixth_to_eighth_wish_and_cannot_get_the_first(
    applies, phase, wish
):
    market = problem_from_document(season(applies=applies), "manual")

    placement = solve(market)

    (hers,) = (c for c in placement.components if c.moves[0].teacher == "T1")
    assert (hers.phase, hers.moves[0].wish) == (phase, wish)
    assert check(market, placement) == ()
