"""Drills as people run them: one command, real programs, an exit code (docs/drills.md)."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from provisioning.drill import text
from provisioning.drill.drills import DRILLS

DOCUMENT = Path(__file__).parents[2] / "docs" / "drills.md"


def jiepin(*words):
    return subprocess.run(
        [sys.executable, "-m", "jiepin", *words],
        capture_output=True,
        text=True,
        timeout=240,
        check=False,
    )


@pytest.mark.parametrize("name", ["clone"])
def test_the_drill_is_passed_by_real_programs(name):
    done = jiepin("provision", "drill", name)

    assert done.returncode == 0, done.stdout + done.stderr
    assert "✗" not in done.stdout
    assert done.stdout.splitlines()[0] == text.title(name)
    assert text.step("verified", done=True) in done.stdout


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
