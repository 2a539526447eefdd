"""Drills as people run them: one command, real programs, an exit code (docs/drills.md)."""

import re
from pathlib import Path

import pytest

from provisioning.drill import text
from provisioning.drill.drills import DRILLS
from tests.recovery.rehearsed import faults, jiepin

DOCUMENT = Path(__file__).parents[2] / "docs" / "drills.md"


@pytest.mark.parametrize("name", ["clone"])
def test_the_drill_is_passed_by_real_programs(name):
    assert faults(name) == ()


def test_without_a_name_the_drills_are_listed():
    done = jiepin("provision", "drill")

    assert [line.split()[0] for line in done.stdout.splitlines()] == list(DRILLS)


def test_a_drill_that_does_not_exist_is_a_usage_error():
    assert jiepin("provision", "drill", "flood").returncode == 2


def test_every_drill_is_documented_and_has_a_title():
    rows = re.findall(r"^\| `([a-z-]+)` \|", DOCUMENT.read_text("utf-8"), re.MULTILINE)

    assert rows == list(DRILLS)
    assert set(text.TITLES) == set(DRILLS)


def test_every_step_a_drill_can_say_has_a_sentence():
    source = (Path(text.__file__).parent / "drills.py").read_text("utf-8")
    said = set(re.findall(r'say\("(\w+)"\)', source))
    said |= set(re.findall(r'(?:_check|DrillError)\("(\w+)"', source))
    said |= set(re.findall(r'await_report\(\s*\w+,\s*"(\w+)"', source))

    assert said == set(text.STEPS)
