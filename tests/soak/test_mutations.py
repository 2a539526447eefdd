"""The list of changes that change nothing is about lines that are there."""

import tomllib

import pytest

from tests.soak.mutations import EQUIVALENT, PACKAGES, ROOT, Outcome, Survivor, _row, own_tests
from tests.soak.table import Budget

ROWS = tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['module']}: {row['becomes'][:40]}")
def test_each_equivalent_mutant_is_of_a_line_that_is_there_and_says_why(row):
    source = " ".join(line.strip() for line in (ROOT / row["module"]).read_text().splitlines())

    assert row["was"] in source
    assert row["was"] != row["becomes"]
    assert row["reason"]


@pytest.mark.parametrize("package", PACKAGES)
def test_each_module_with_functions_has_own_tests_its_own_or_all_of_them(package):
    for path in (ROOT / package).glob("*.py"):
        for name in own_tests(path.relative_to(ROOT).as_posix()):
            assert (ROOT / name).is_file()


def test_the_score_is_rounded_down_and_held_against_ninety_per_cent():
    alive = tuple(Survivor("m", str(n), "") for n in range(11))

    good = _row(Outcome(package="p", killed=90, survivors=alive[:10], equivalent=3), 1.0)
    bad = _row(Outcome(package="p", killed=89, survivors=alive, equivalent=0), 1.0)

    assert (good.done, good.violations, good.fault(Budget())) == (90, 0, None)
    assert (bad.done, bad.violations, bad.fault(Budget())) == (89, 1, "VIOLATED")
