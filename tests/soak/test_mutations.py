"""The measure of the tests measures: mutants are put in place, tried, and counted rightly."""

import importlib.util
import random
import tomllib
from collections import Counter

import pytest

from tests.soak.mutants import Module, live_functions, put_in_place
from tests.soak.mutations import (
    EQUIVALENT,
    LEAST,
    PACKAGES,
    ROOT,
    Outcome,
    Survivor,
    _row,
    each_of,
    modules,
    mutate,
    outcomes_of,
    share_of,
)
from tests.soak.nursery import Verdict
from tests.soak.table import Budget

ROWS = tomllib.loads(EQUIVALENT.read_text("utf-8"))["mutant"]
SOURCE = '''\
"""A module to change."""

from functools import cache


@cache
def price(seats: int = 2) -> int:
    """What it costs."""
    return sum(each + 1 for each in range(seats))


class Hall:
    """Somewhere."""

    @property
    def size(self) -> int:
        """How many."""
        return self._size

    @size.setter
    def size(self, size: int) -> None:
        self._size = size * 3
'''

DYING = """\
import os
import signal

from matcher.deciding.bits import as_set


def test_dies_when_a_set_is_not_what_it_was():
    try:
        same = as_set([0, 1], [1, 2]) == 3 and as_set(range(99), [1] * 99) == 2**99 - 1
    except Exception:
        same = False
    if not same:
        os.kill(os.getpid(), signal.SIGTRAP)
"""


@pytest.fixture
def toy(tmp_path):
    path = tmp_path / "toy.py"
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("toy", path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def changes(toy, wanted):
    found = list(Module(SOURCE).drawn(99, random.Random(1)))  # noqa: S311
    (mutant,) = [each for each in found if each.becomes == wanted]
    put_in_place(mutant, toy.__file__, SOURCE, vars(toy), live_functions((toy.__file__,)))


def test_a_mutant_is_in_the_loaded_function_whatever_wraps_it(toy):
    held = toy.price

    changes(toy, "return sum(each - 1 for each in range(seats))")

    assert held(3) == 0


def test_a_mutant_may_be_a_default(toy):
    changes(toy, "def price(seats: int = 3) -> int:")

    assert toy.price() == 6
    assert toy.price(2) == 3


def test_of_two_functions_with_one_name_the_right_one_is_changed(toy):
    changes(toy, "self._size = size / 3")

    hall = toy.Hall()
    hall.size = 6

    assert hall.size == 2


def test_a_draw_is_of_so_many_and_the_same_from_the_same_seed():
    module = Module(SOURCE)

    first, again = (list(module.drawn(4, random.Random(7))) for _ in range(2))  # noqa: S311

    assert [each.becomes for each in first] == [each.becomes for each in again]
    assert len(first) == 4


def test_what_is_drawn_of_a_module_is_tried_by_the_tests_that_reach_it():
    chosen = "matcher/deciding/bits.py"
    offered = len(Module((ROOT / chosen).read_text("utf-8")))

    verdicts = mutate({chosen: 0.1}, ("tests/matcher/test_bits.py",), Budget(processes=1))

    assert len(verdicts) in {offered // 10, offered // 10 + 1}
    assert {each.became for each in verdicts} <= {"killed", "endless", "survived"}
    killed = [each for each in verdicts if each.became == "killed"]
    assert killed
    assert all(each.by.startswith("tests/matcher/test_bits.py::") for each in killed)


def test_a_mutant_whose_judge_dies_without_a_verdict_is_told_and_not_counted_as_noticed(
    tmp_path, capfd
):
    judge = tmp_path / "test_dying.py"
    judge.write_text(DYING, encoding="utf-8")

    verdicts = mutate({"matcher/deciding/bits.py": 0.2}, (str(judge),), Budget(processes=1))
    (found,) = outcomes_of({"matcher/deciding": 0.2}, verdicts, Counter())

    crashed = [each for each in verdicts if each.became == "crashed"]
    assert crashed
    assert all(each.by.endswith("::test_dies_when_a_set_is_not_what_it_was") for each in crashed)
    assert (found.killed, found.crashed) == (0, len(crashed))
    assert f", {len(crashed)} crashed" in _row(found, 1.0).note
    assert capfd.readouterr().err.count("crashed with -5: ") == len(crashed)


def test_each_module_of_the_matcher_is_in_some_package():
    there = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "matcher").rglob("*.py")
        if not path.stem.startswith("__")
    }

    assert there <= set(modules(PACKAGES))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['module']}: {row['was'][:40]}")
def test_each_equivalent_mutant_is_of_a_line_that_is_there_and_says_why(row):
    source = " ".join(line.strip() for line in (ROOT / row["module"]).read_text().splitlines())

    assert row["was"] in source
    assert row["was"] not in each_of(row["becomes"])
    assert row["reason"]


def verdict(became, becomes="b"):
    return Verdict(
        module="p/m.py", line=1, was="a", becomes=becomes, became=became, by="", asked=1, left=0
    )


def test_verdicts_are_counted_by_package_and_each_equivalent_one_once():
    verdicts = [
        *(verdict(each) for each in ("killed", "endless", "impossible", "unreached", "survived")),
        *(verdict("survived", "same") for _ in range(3)),
    ]
    known = Counter({Survivor("p/m.py", "a", "same"): 2})

    (found,) = outcomes_of({"p": 1.0}, verdicts, known)

    assert (found.killed, found.equivalent, found.unreached) == (2, 2, 1)
    assert [each.becomes for each in found.survivors] == ["b", "same"]


def outcome(killed, left, share=1.0):
    alive = tuple(Survivor("m", str(n), "") for n in range(left))
    return Outcome(
        package="p", killed=killed, survivors=alive, equivalent=3, unreached=1, share=share
    )


def test_the_score_is_rounded_down_and_held_against_ninety_per_cent():
    good = _row(outcome(90, 10), 1.0)
    bad = _row(outcome(89, 11), 1.0)

    assert (good.done, good.violations, good.fault(Budget())) == (90, 0, None)
    assert (bad.done, bad.violations, bad.fault(Budget())) == (89, 1, "VIOLATED")


def test_a_draw_says_how_far_it_may_be_from_the_whole():
    assert outcome(90, 10).error == 0
    assert 5.7 < outcome(90, 10, share=0.1).error < 5.9
    assert "± 5.8" in _row(outcome(90, 10, share=0.1), 1.0).note


def test_of_a_small_package_more_is_drawn_than_was_asked_for():
    offered = len(Module((ROOT / "matcher/deciding/bits.py").read_text("utf-8")))

    assert share_of(["matcher/deciding/bits.py"], 0.001) == min(1.0, LEAST / offered)
    assert share_of(["matcher/deciding/bits.py"] * 5, 0.9) == 0.9


def test_a_small_draw_without_survivors_is_not_certain():
    assert outcome(14, 0, share=0.03).error > 10
    assert outcome(1400, 0, share=0.03).error < 1
