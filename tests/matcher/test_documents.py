"""docs/matching.md holds what the programs give today, and nothing else in its computed parts."""

import re
from pathlib import Path

import pytest

from matcher.checking.check import check
from matcher.deciding.solve import solve
from matcher.telling.compare import stranger
from tests.matcher.documents import (
    BLOCKS,
    DOCUMENT,
    EXAMPLES,
    document,
    example,
    pictures,
    season_placements,
)

EVIDENCE = DOCUMENT.with_name("matching-evidence.md").read_text(encoding="utf-8")
PROBLEMS = sorted(p.stem for p in EXAMPLES.glob("*.json") if p.stem != "names")


def test_the_computed_parts_are_what_the_programs_give():
    text = DOCUMENT.read_text(encoding="utf-8")

    assert document(text) == text, "run: python -m tests.matcher.documents"


def test_the_pictures_are_what_the_programs_draw():
    drawn = dict(pictures())

    kept = {p.name: p.read_text(encoding="utf-8") for p in EXAMPLES.glob("*.svg")}
    assert kept == drawn, "run: python -m tests.matcher.documents"


def test_every_computed_part_and_every_picture_is_used_once():
    text = DOCUMENT.read_text(encoding="utf-8")

    assert sorted(re.findall(r"<!-- computed: (\S+) -->", text)) == sorted(BLOCKS)
    assert sorted(re.findall(r"\]\(matching/([^)]+\.svg)\)", text)) == sorted(
        name for name, _ in pictures()
    )


@pytest.mark.parametrize("name", PROBLEMS)
def test_every_example_is_proved(name):
    problem = example(name)

    assert check(problem, solve(problem)) == ()


def test_every_scenario_of_the_season_moves_people_to_places_they_listed():
    problem, placements = season_placements()

    assert [stranger(problem, each) for each in placements.values()] == [None] * 5


def test_every_test_that_holds_a_promise_is_there():
    for file, name in re.findall(r"`(test_\w+\.py)::(\w+)`", EVIDENCE):
        text = Path(__file__).with_name(file).read_text(encoding="utf-8")

        assert f"def {name}(" in text, name


def test_every_promise_names_what_holds_it():
    rows = [line.split(" | ") for line in EVIDENCE.splitlines() if line.startswith("| ")]

    promises = [cells for cells in rows if cells[1] not in {"held by |", "command |"}]
    assert len(promises) >= 40
    assert all("::" in held or "make " in promise + held for promise, held in promises)
